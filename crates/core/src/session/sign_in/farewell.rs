//! The page that a browser ends on after a sign-in, in the first language of that browser that Daypass speaks.

use hyper::header::{self, HeaderMap, HeaderValue};
use serde::Deserialize;

use crate::host::loopback::Reply;

/// The words of both pages, from the same message files as the panel's.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Words {
    signed_in_title: String,
    signed_in_text: String,
    refused_title: String,
    refused_text: String,
}

/// Each language with its file; the first one where a browser wants none of them.
const LANGUAGES: [(&str, &str); 2] = [
    (
        "en",
        include_str!("../../../../../ui/messages/en/browser.json"),
    ),
    (
        "de",
        include_str!("../../../../../ui/messages/de/browser.json"),
    ),
];

/// How a sign-in ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    SignedIn,
    Refused,
}

/// The page for a browser with these headers.
pub(super) fn page(ending: Ending, headers: &HeaderMap) -> Reply {
    let (code, file) = language(headers);
    let words = serde_json::from_str::<Words>(file).ok();
    let (title, text) = match (words, ending) {
        (Some(words), Ending::SignedIn) => (words.signed_in_title, words.signed_in_text),
        (Some(words), Ending::Refused) => (words.refused_title, words.refused_text),
        // A test reads every file.
        (None, _) => Default::default(),
    };
    Reply::page(format!(
        "<!doctype html><html lang=\"{code}\"><meta charset=\"utf-8\"><title>{title} · Daypass</title>\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <style>body{{font:16px/1.5 system-ui,sans-serif;display:grid;place-content:center;\
         min-height:90vh;margin:0;text-align:center;background:#fdfcfa;color:#1c1f22}}\
         h1{{font-size:22px;margin:0 0 4px}}p{{margin:0;color:#585c61}}\
         @media(prefers-color-scheme:dark){{body{{background:#191b1d;color:#edece9}}p{{color:#abb0b4}}}}</style>\
         <main><h1>{title}</h1><p>{text}</p></main></html>"
    ))
}

/// Browsers name the languages that they want in order; nothing of what they say gets onto the page.
fn language(headers: &HeaderMap) -> (&'static str, &'static str) {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let wanted = wanted.map_or("", |it| HeaderValue::to_str(it).unwrap_or_default());
    let spoken = |tag: &str| {
        let code = tag.trim().split(['-', ';']).next()?;
        let is_it = |(known, _): &(&str, &str)| known.eq_ignore_ascii_case(code);
        LANGUAGES.into_iter().find(is_it)
    };
    let [first, ..] = LANGUAGES;
    wanted.split(',').find_map(spoken).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ending: Ending, wanted: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(wanted) = wanted {
            headers.insert(header::ACCEPT_LANGUAGE, wanted.parse().unwrap());
        }
        page(ending, &headers).shown().1
    }

    #[test]
    fn a_browser_is_told_in_its_language() {
        const GERMAN: &str = "<html lang=\"de\">";
        for (wanted, begins) in [
            (None, "<html lang=\"en\">"),
            (Some("de"), GERMAN),
            (Some("de-AT,de;q=0.9,en;q=0.8"), GERMAN),
            (Some("fr-FR, DE;q=0.5"), GERMAN),
            (Some("en-GB,de;q=0.5"), "<html lang=\"en\">"),
            (Some("\"><script>,*;q=x"), "<html lang=\"en\">"),
        ] {
            assert!(
                shown(Ending::SignedIn, wanted).contains(begins),
                "{wanted:?}"
            );
        }
    }

    #[test]
    fn both_endings_are_said_in_every_language() {
        for (code, _) in LANGUAGES {
            let told = [Ending::SignedIn, Ending::Refused].map(|it| shown(it, Some(code)));
            assert_ne!(told[0], told[1]);
            assert!(told.iter().all(|it| !it.contains("<h1></h1>")), "{code}");
        }
        assert!(shown(Ending::Refused, Some("de")).contains("<h1>Nicht angemeldet</h1>"));
    }
}
