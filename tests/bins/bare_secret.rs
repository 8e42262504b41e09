//! The least that any program does who fetches a secret: one item of the Secret Service, by the library
//! that Daypass uses, or one file. What `cargo xtask bench credentials` measures Daypass against.
//!
//!     daypass-bare-secret item SERVICE NAME | file PATH

use std::env;
use std::io::Write;
use testkit::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let secret = match words.as_slice() {
        ["item", service, name] => item(service, name)?,
        ["file", path] => std::fs::read(path)?,
        _ => bail!("say: item SERVICE NAME, or file PATH"),
    };
    Ok(std::io::stdout().write_all(&secret)?)
}

#[cfg(target_os = "linux")]
fn item(service: &str, name: &str) -> Result<Vec<u8>> {
    use keyring_core::api::CredentialStoreApi;
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store.build(service, name, None)?.get_secret()?)
}

#[cfg(not(target_os = "linux"))]
fn item(_service: &str, _name: &str) -> Result<Vec<u8>> {
    bail!("there is a Secret Service on Linux only")
}
