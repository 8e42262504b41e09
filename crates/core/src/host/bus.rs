//! The desktop's message bus, as far as one may ask who is there.

/// Who is on the bus of this user's desktop, of some names; `None` where there is no bus.
#[cfg(target_os = "linux")]
pub async fn present<'a>(names: &[&'a str]) -> Option<Vec<&'a str>> {
    let connection = zbus::Connection::session().await.ok()?;
    let bus = zbus::fdo::DBusProxy::new(&connection).await.ok()?;
    let mut present = Vec::new();
    for name in names {
        let known = zbus::names::BusName::try_from(*name).ok()?;
        if bus.name_has_owner(known).await.unwrap_or(false) {
            present.push(*name);
        }
    }
    Some(present)
}
