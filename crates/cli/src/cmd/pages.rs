//! `completions` and `man`: made from the words themselves, so they never disagree with them.

use clap::CommandFactory;
use daypass_core::{Code, Error, Result};

use super::Run;
use crate::args::{Arguments, Completions, Man};

pub(super) fn completions(run: &Run, words: &Completions) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(
        words.shell,
        &mut Arguments::command(),
        "daypass",
        &mut script,
    );
    run.screen.data(&script)?;
    Ok(0)
}

pub(super) fn manual(run: &Run, words: &Man) -> Result<u8> {
    let mut command = Arguments::command();
    command.build();
    let mut page = &command;
    for word in &words.verb {
        page = page.find_subcommand(word).ok_or_else(|| {
            Error::new(
                Code::Usage,
                format!("there is no verb `{}`", words.verb.join(" ")),
            )
        })?;
    }
    let mut text = Vec::new();
    let title = page.get_display_name().unwrap_or("daypass");
    let rendered = clap_mangen::Man::new(page.clone())
        .title(title.to_uppercase())
        .source(concat!("daypass ", env!("CARGO_PKG_VERSION")));
    rendered
        .render(&mut text)
        .map_err(|error| Error::new(Code::Internal, "the page could not be made").because(error))?;
    run.screen.data(&text)?;
    Ok(0)
}
