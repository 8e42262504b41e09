//! How this machine and its user are called: words that are not to be told to others.

use super::{Env, Paths};

/// The names of the user, and those of the machine, as far as they can be found.
pub fn names(env: &Env, paths: &Paths) -> (Vec<String>, Vec<String>) {
    let of = |variables: &[&str]| variables.iter().filter_map(|it| env.get(it)).collect();
    let mut users: Vec<String> = of(&["USER", "LOGNAME", "USERNAME"]);
    let home = paths.home.file_name();
    users.extend(home.map(|it| it.to_string_lossy().into_owned()));
    let mut hosts: Vec<String> = of(&["HOSTNAME", "COMPUTERNAME"]);
    for file in ["proc/sys/kernel/hostname", "etc/hostname"] {
        let text = std::fs::read_to_string(paths.system.join(file));
        hosts.extend(text.ok().map(|it| it.trim().to_owned()));
    }
    // The first part of a full name stands alone too.
    let short: Vec<String> = hosts
        .iter()
        .filter_map(|it| it.split_once('.'))
        .map(|(first, _)| first.to_owned())
        .collect();
    hosts.extend(short);
    for names in [&mut users, &mut hosts] {
        names.sort();
        names.dedup();
    }
    (users, hosts)
}
