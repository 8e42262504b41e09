//! An answer before it goes out: status, headers, body, and what the log may say of it.

use serde_json::Value;

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    /// The error's name, for the log.
    pub(crate) error: Option<String>,
    /// What the operation was about, for the log; never a secret.
    pub(crate) note: Option<String>,
    /// Whose request it answers, for the log.
    pub(crate) asker: Option<Box<Asker>>,
}

/// Who asked, as far as the portal knows the client and the sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asker {
    /// The name that the client registered with.
    pub(crate) client: Option<String>,
    /// The number of the session.
    pub(crate) session: Option<u64>,
}

impl Reply {
    /// A JSON document.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    /// A web page.
    pub(crate) fn html(status: u16, body: String) -> Self {
        Self::of(status, "text/html; charset=utf-8", body)
    }

    /// Plain text.
    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self::of(status, "text/plain; charset=utf-8", body.to_owned())
    }

    /// An XML document.
    pub(crate) fn xml(status: u16, body: String) -> Self {
        Self::of(status, "text/xml", body)
    }

    /// A redirect to `location`.
    pub(crate) fn redirect(location: String) -> Self {
        Self::of(302, "text/plain; charset=utf-8", String::new()).with("location", location)
    }

    /// A 200 without a body.
    pub(crate) fn empty() -> Self {
        Self::of(200, "application/json", String::new())
    }

    /// An error of the portal API: `{"message":…}` and the header that names it.
    pub(crate) fn portal_error(status: u16, name: &str, message: &str) -> Self {
        Self::json(status, &serde_json::json!({ "message": message }))
            .failed(name)
            .with(
                "x-amzn-ErrorType",
                format!("{name}:http://internal.amazon.com/coral/com.amazonaws.sso.portal/"),
            )
    }

    /// The reply with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The reply, marked in the log as the error `name`.
    pub(crate) fn failed(mut self, name: &str) -> Self {
        self.error = Some(name.to_owned());
        self
    }

    /// The reply with a remark for the log.
    pub(crate) fn noted(mut self, note: &str) -> Self {
        self.note = Some(note.to_owned());
        self
    }

    /// The reply, with whose request it answers.
    pub(crate) fn asked_by(mut self, asker: Asker) -> Self {
        self.asker = Some(Box::new(asker));
        self
    }

    fn of(status: u16, content_type: &str, body: String) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self {
            status,
            headers,
            body,
            error: None,
            note: None,
            asker: None,
        }
    }
}
