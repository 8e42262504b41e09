//! The pages that people see: plain HTML without anything from elsewhere, light and dark.
//! Every name that comes from outside passes `escape`.

use crate::clock::rfc3339;
use crate::organisation::Account;
use crate::world::{ConsoleLogin, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("pages.css");
const SCRIPT: &str = include_str!("pages.js");
/// The portal page shows this many accounts; a real portal has a search box.
const SHOWN: usize = 200;

/// The policy for all pages: our own style and script by their hashes, and forms that may
/// end in a redirect to a program on this machine.
pub(crate) fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self' http://127.0.0.1:* http://localhost:*",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// Text made safe for HTML and XML, in elements and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// Asks whether a client may have access.
pub(crate) fn authorize(world: &World, client: &str, nonce: &str) -> String {
    let question = format!(
        "<h1>Allow {} to access your data?</h1>\n<p>It will be able to see your AWS accounts \
         and to get credentials for the roles that are assigned to you.</p>\n{}",
        name(client),
        buttons(nonce)
    );
    page(world, "Allow access", &question)
}

/// Asks whether the device that shows this code may have access.
pub(crate) fn device(world: &World, client: &str, user_code: &str, nonce: &str) -> String {
    let question = format!(
        "<h1>Authorization requested</h1>\n<p>Continue only if your device shows this code:</p>\n\
         <p class=\"code\" id=\"user-code\">{}</p>\n<p>{} asks for access to your AWS accounts. \
         If you did not start this yourself, deny it.</p>\n{}",
        escape(user_code),
        name(client),
        buttons(nonce)
    );
    page(world, "Authorization requested", &question)
}

/// Asks for the code that a device shows.
pub(crate) fn enter_code(world: &World) -> String {
    let form = "<h1>Enter the code</h1>\n<p>Type the code that your device shows.</p>\n\
         <form method=\"get\" action=\"device\">\n<label>Code <input name=\"user_code\" \
         autocomplete=\"off\" autofocus maxlength=\"12\" placeholder=\"BCDF-GHJK\"></label>\n\
         <button class=\"main\">Continue</button>\n</form>";
    page(world, "Enter the code", form)
}

/// Says that the device will go on by itself.
pub(crate) fn device_answered(world: &World, approved: bool) -> String {
    let (title, text) = match approved {
        true => (
            "Request approved",
            "You can close this page and go back to your device.",
        ),
        false => (
            "Request denied",
            "Your device gets no access. You can close this page.",
        ),
    };
    page(world, title, &format!("<h1>{title}</h1>\n<p>{text}</p>"))
}

/// The portal itself: the accounts and roles of the user.
pub(crate) fn start(world: &World) -> String {
    let accounts = &world.organisation.accounts;
    let list: String = accounts.iter().take(SHOWN).map(item).collect();
    let more = accounts.len().saturating_sub(SHOWN);
    let rest = if more > 0 {
        format!("<p>and {more} more</p>")
    } else {
        String::new()
    };
    let body = format!(
        "<h1>AWS access portal</h1>\n<p>{} accounts for {}. <a href=\"device\">Enter a device \
         code</a></p>\n<ul class=\"accounts\">\n{list}</ul>\n{rest}<script>{SCRIPT}</script>",
        accounts.len(),
        name(&world.options.user),
    );
    page(world, "Access portal", &body)
}

fn item(account: &Account) -> String {
    let roles: String = account
        .roles
        .iter()
        .map(|role| link(&account.id, role))
        .collect();
    let title: String = account
        .name
        .as_deref()
        .unwrap_or_default()
        .chars()
        .take(80)
        .collect();
    format!(
        "<li><strong>{}</strong> <span class=\"quiet\">{}</span><br>{roles}</li>\n",
        name(&title),
        account.id
    )
}

fn link(account: &str, role: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("account_id", account)
        .append_pair("role_name", role)
        .finish();
    format!(
        "<a href=\"#/console?{}\">{}</a> ",
        escape(&query),
        name(role)
    )
}

/// What stands for the AWS console: for whom it was opened, and where it would go.
pub(crate) fn console(world: &World, login: &ConsoleLogin) -> String {
    let account = world.organisation.account(&login.account);
    let title = account.and_then(|a| a.name.as_deref()).unwrap_or_default();
    let rows = [
        ("Account", "account-id", login.account.as_str()),
        ("Account name", "account-name", title),
        ("Role", "role-name", &login.role),
        ("Destination", "destination", &login.destination),
        ("Returns to", "issuer", &login.issuer),
        ("Opened by", "via", login.via),
        ("Session until", "ends-at", &rfc3339(login.ends_at)),
    ];
    let row = |(label, id, value): &(&str, &str, &str)| {
        format!(
            "<dt>{label}</dt><dd id=\"{id}\" dir=\"auto\">{}</dd>\n",
            escape(value)
        )
    };
    let rows: String = rows.iter().map(row).collect();
    let body = format!(
        "<h1>Console opened</h1>\n<p>This is where the AWS Management Console would be.</p>\n\
         <dl>\n{rows}</dl>\n<p><a href=\"start\">Back to the access portal</a></p>"
    );
    page(world, "Console", &body)
}

/// A page that says what went wrong.
pub(crate) fn problem(world: &World, status: u16, title: &str, text: &str) -> crate::reply::Reply {
    let body = format!("<h1>{}</h1>\n<p>{}</p>", escape(title), escape(text));
    crate::reply::Reply::html(status, page(world, title, &body))
}

/// The page that a captive portal would put in the way.
pub(crate) fn captive_portal() -> String {
    "<!doctype html>\n<html><head><title>Welcome to the guest network</title></head>\
     <body><h1>Please accept the terms of use</h1></body></html>\n"
        .to_owned()
}

fn name(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

fn buttons(nonce: &str) -> String {
    format!(
        "<form method=\"post\" action=\"decide\">\n\
         <input type=\"hidden\" name=\"nonce\" value=\"{nonce}\">\n\
         <button class=\"main\" name=\"decision\" value=\"approve\">Allow access</button>\n\
         <button name=\"decision\" value=\"deny\">Deny</button>\n</form>"
    )
}

fn page(world: &World, title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{} \u{b7} {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header><span class=\"mark\" aria-hidden=\"true\"></span>{}\
         <span class=\"quiet\">{}</span></header>\n<main>\n{body}\n</main>\n\
         <footer>A simulated AWS access portal on this machine. Nothing here is real.</footer>\n\
         </body>\n</html>\n",
        escape(title),
        escape(&world.options.organisation_name),
        name(&world.options.organisation_name),
        name(&world.options.user),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_become_text() {
        assert_eq!(
            escape("<b a='1' b=\"2\">&"),
            "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;"
        );
        assert_eq!(escape("\u{1b}[31m\n"), "\u{fffd}[31m\n");
    }
}
