//! `Code`: one for each thing that a front end acts on; its name, exit code and advice.

/// One code for each thing that a front end acts on; removed when none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request itself is malformed.
    Usage,
    /// The session is signed out, or the service no longer accepts its tokens.
    SignInNeeded,
    /// The service no longer knows this Daypass; with the registration the sign-in has gone.
    RegistrationExpired,
    /// The user or the organisation refused the sign-in.
    SignInDenied,
    /// Nobody approved the sign-in in time.
    SignInTimedOut,
    /// The user gave the sign-in up.
    SignInCancelled,
    /// The sign-in could not be finished for another reason.
    SignInFailed,
    /// The text is not the address of an access portal.
    PortalUrlInvalid,
    /// The address lies outside the AWS host list and was not allowed by the user.
    PortalNotAllowed,
    /// The portal is not in this Region, or the start URL is mistyped.
    WrongRegion,
    /// No session has this name.
    SessionUnknown,
    /// A session of this name exists already.
    SessionExists,
    /// Several sessions fit and none was named.
    SessionAmbiguous,
    /// The account or permission set is not in the list.
    AccountUnknown,
    /// Several assignments fit the words.
    TargetAmbiguous,
    /// The service says that the user may not do this.
    NotPermitted,
    /// The service could not be reached.
    Offline,
    /// Something on the way answered in the place of the service: a network that wants a page read first.
    CaptivePortal,
    /// The proxy could not be reached, or did not let the request through.
    ProxyFailed,
    /// Nobody whom this machine trusts vouches for the certificate of the service.
    CertificateUntrusted,
    /// The clock of this machine is so far off that certificates seem not to hold.
    ClockWrong,
    /// The service was reached and is in trouble.
    PortalDown,
    /// The service refuses because of too many requests.
    Throttled,
    /// There is no keychain to keep secrets in.
    KeychainMissing,
    /// The keychain is locked and was not unlocked.
    KeychainLocked,
    /// The keychain was reached and did not do what was asked.
    KeychainFailed,
    /// The AWS config file is broken already; Daypass does not touch it.
    ConfigBroken,
    /// The change would overwrite something that is not ours.
    ConfigConflict,
    /// The AWS config file cannot be written.
    ConfigNotWritable,
    /// Daypass's own settings file cannot be read.
    SettingsBroken,
    /// The organisation's settings say it, and the user cannot say otherwise.
    SetByOrganisation,
    /// A file of Daypass or of the token cache cannot be read or written.
    StorageFailed,
    /// No browser could be opened.
    BrowserMissing,
    /// No terminal could be opened.
    TerminalMissing,
    /// There is no change to take back.
    NothingToUndo,
    /// The assignment is protected, and nobody was asked yet.
    Protected,
    /// A defect of Daypass.
    Internal,
}

/// What a code is about, as far as anybody acts on that alone.
#[derive(PartialEq, Eq)]
enum Kind {
    OnTheWay,
    SignInOver,
    Keychain,
    Other,
}

impl Code {
    /// Every code, for tests that hold other tables to this one.
    pub const ALL: [Code; 37] = [
        Code::Usage,
        Code::SignInNeeded,
        Code::RegistrationExpired,
        Code::SignInDenied,
        Code::SignInTimedOut,
        Code::SignInCancelled,
        Code::SignInFailed,
        Code::PortalUrlInvalid,
        Code::PortalNotAllowed,
        Code::WrongRegion,
        Code::SessionUnknown,
        Code::SessionExists,
        Code::SessionAmbiguous,
        Code::AccountUnknown,
        Code::TargetAmbiguous,
        Code::NotPermitted,
        Code::Offline,
        Code::CaptivePortal,
        Code::ProxyFailed,
        Code::CertificateUntrusted,
        Code::ClockWrong,
        Code::PortalDown,
        Code::Throttled,
        Code::KeychainMissing,
        Code::KeychainLocked,
        Code::KeychainFailed,
        Code::ConfigBroken,
        Code::ConfigConflict,
        Code::ConfigNotWritable,
        Code::SettingsBroken,
        Code::SetByOrganisation,
        Code::StorageFailed,
        Code::BrowserMissing,
        Code::TerminalMissing,
        Code::NothingToUndo,
        Code::Protected,
        Code::Internal,
    ];

    /// The stable name, in `--json` output and on the way to the panel.
    pub fn name(self) -> &'static str {
        match self {
            Code::Usage => "usage",
            Code::SignInNeeded => "sign_in_needed",
            Code::RegistrationExpired => "registration_expired",
            Code::SignInDenied => "sign_in_denied",
            Code::SignInTimedOut => "sign_in_timed_out",
            Code::SignInCancelled => "sign_in_cancelled",
            Code::SignInFailed => "sign_in_failed",
            Code::PortalUrlInvalid => "portal_url_invalid",
            Code::PortalNotAllowed => "portal_not_allowed",
            Code::WrongRegion => "wrong_region",
            Code::SessionUnknown => "session_unknown",
            Code::SessionExists => "session_exists",
            Code::SessionAmbiguous => "session_ambiguous",
            Code::AccountUnknown => "account_unknown",
            Code::TargetAmbiguous => "target_ambiguous",
            Code::NotPermitted => "not_permitted",
            Code::Offline => "offline",
            Code::CaptivePortal => "captive_portal",
            Code::ProxyFailed => "proxy_failed",
            Code::CertificateUntrusted => "certificate_untrusted",
            Code::ClockWrong => "clock_wrong",
            Code::PortalDown => "portal_down",
            Code::Throttled => "throttled",
            Code::KeychainMissing => "keychain_missing",
            Code::KeychainLocked => "keychain_locked",
            Code::KeychainFailed => "keychain_failed",
            Code::ConfigBroken => "config_broken",
            Code::ConfigConflict => "config_conflict",
            Code::ConfigNotWritable => "config_not_writable",
            Code::SettingsBroken => "settings_broken",
            Code::SetByOrganisation => "set_by_organisation",
            Code::StorageFailed => "storage_failed",
            Code::BrowserMissing => "browser_missing",
            Code::TerminalMissing => "terminal_missing",
            Code::NothingToUndo => "nothing_to_undo",
            Code::Protected => "protected",
            Code::Internal => "internal",
        }
    }

    /// What the command line returns for it.
    pub fn exit_code(self) -> u8 {
        match self {
            Code::Usage
            | Code::PortalUrlInvalid
            | Code::PortalNotAllowed
            | Code::SessionAmbiguous
            | Code::TargetAmbiguous
            | Code::Protected => 2,
            Code::SignInNeeded | Code::RegistrationExpired => 3,
            Code::SignInDenied | Code::NotPermitted | Code::SetByOrganisation => 4,
            Code::Offline
            | Code::CaptivePortal
            | Code::ProxyFailed
            | Code::CertificateUntrusted
            | Code::ClockWrong
            | Code::PortalDown
            | Code::WrongRegion => 5,
            Code::KeychainMissing | Code::KeychainLocked | Code::KeychainFailed => 6,
            Code::ConfigBroken | Code::ConfigConflict => 7,
            Code::Throttled => 8,
            Code::SignInCancelled => 130,
            Code::SignInTimedOut
            | Code::SignInFailed
            | Code::SessionUnknown
            | Code::SessionExists
            | Code::AccountUnknown
            | Code::ConfigNotWritable
            | Code::SettingsBroken
            | Code::StorageFailed
            | Code::BrowserMissing
            | Code::TerminalMissing
            | Code::NothingToUndo
            | Code::Internal => 1,
        }
    }

    /// Whether something between here and the service was in the way, or the service itself in
    /// trouble: what is held stays good, and the same may well work later.
    pub fn is_trouble_on_the_way(self) -> bool {
        self.kind() == Kind::OnTheWay
    }

    /// Whether the service said that the sign-in is over: only the user can help, by signing in.
    pub fn needs_sign_in(self) -> bool {
        self.kind() == Kind::SignInOver
    }

    /// Whether the keychain did not give or take what it was asked to.
    pub fn is_of_the_keychain(self) -> bool {
        self.kind() == Kind::Keychain
    }

    fn kind(self) -> Kind {
        match self {
            Code::Offline
            | Code::CaptivePortal
            | Code::ProxyFailed
            | Code::CertificateUntrusted
            | Code::ClockWrong
            | Code::PortalDown
            | Code::Throttled => Kind::OnTheWay,
            Code::SignInNeeded | Code::RegistrationExpired => Kind::SignInOver,
            Code::KeychainMissing | Code::KeychainLocked | Code::KeychainFailed => Kind::Keychain,
            Code::Usage
            | Code::SignInDenied
            | Code::SignInTimedOut
            | Code::SignInCancelled
            | Code::SignInFailed
            | Code::PortalUrlInvalid
            | Code::PortalNotAllowed
            | Code::WrongRegion
            | Code::SessionUnknown
            | Code::SessionExists
            | Code::SessionAmbiguous
            | Code::AccountUnknown
            | Code::TargetAmbiguous
            | Code::NotPermitted
            | Code::ConfigBroken
            | Code::ConfigConflict
            | Code::ConfigNotWritable
            | Code::SettingsBroken
            | Code::SetByOrganisation
            | Code::StorageFailed
            | Code::BrowserMissing
            | Code::TerminalMissing
            | Code::NothingToUndo
            | Code::Protected
            | Code::Internal => Kind::Other,
        }
    }

    /// The advice where the place of the error has no better one.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Code::Usage => "see `daypass --help`",
            Code::SignInNeeded => "sign in with `daypass login`",
            Code::RegistrationExpired => {
                "sign in again with `daypass login`: Daypass then registers anew"
            }
            Code::SignInDenied => "sign in again, and choose Allow if you started it",
            Code::SignInTimedOut => "sign in again and approve it in the browser",
            Code::SignInCancelled => "sign in again when you are ready",
            Code::SignInFailed => "sign in again; if it keeps failing, try `--device`",
            Code::PortalUrlInvalid => {
                "copy the address of your access portal from the browser, for example \
                 https://my-company.awsapps.com/start"
            }
            Code::PortalNotAllowed => "if you trust this address, add --allow-custom-portal",
            Code::WrongRegion => "check the Region and the start URL of the session",
            Code::SessionUnknown => "see `daypass session list`",
            Code::SessionExists => "choose another name, or remove that session first",
            Code::SessionAmbiguous => "say which one with --session NAME",
            Code::AccountUnknown => "read the list again with `daypass list --refresh`",
            Code::TargetAmbiguous => "add a word, or give --account ID --role NAME",
            Code::NotPermitted => "ask your administrator for the assignment",
            Code::Offline => "check the network, then try again",
            Code::CaptivePortal => {
                "open any web page in a browser, accept what this network asks for, then try again"
            }
            Code::ProxyFailed => {
                "check HTTPS_PROXY, or `proxy` under [network] in settings.toml, then try again"
            }
            Code::CertificateUntrusted => {
                "if your organisation inspects traffic, name the file with its certificates in \
                 AWS_CA_BUNDLE, or as `ca_bundle` under [network] in settings.toml"
            }
            Code::ClockWrong => {
                "set the date, the time and the time zone of this machine, then try again"
            }
            Code::PortalDown => "wait a minute, then try again",
            Code::Throttled => "wait a minute, then try again",
            Code::KeychainMissing => {
                "start a keychain (a Secret Service such as GNOME Keyring), or keep the tokens in \
                 AWS's own cache with --storage shared"
            }
            Code::KeychainLocked => {
                "unlock the keychain, then try again; or keep the tokens in AWS's own cache with \
                 --storage shared"
            }
            Code::KeychainFailed => "look at the keychain's own application, then try again",
            Code::ConfigBroken => "mend the named line of the file; Daypass has not touched it",
            Code::ConfigConflict => "choose another name, or allow the change with --replace",
            Code::ConfigNotWritable => "make the file writable for you, then try again",
            Code::SettingsBroken => "mend the named line of the settings file",
            Code::SetByOrganisation => "ask whoever keeps your organisation's settings",
            Code::StorageFailed => "check that the disk is writable and not full",
            Code::BrowserMissing => "print the address with --print, and open it yourself",
            Code::TerminalMissing => {
                "name yours in settings.toml, for example terminal = [\"/usr/bin/xterm\", \"-e\"]"
            }
            Code::NothingToUndo => "see `daypass profile --help`",
            Code::Protected => "if you mean it, say so with --yes",
            Code::Internal => "please report this, with the output of DAYPASS_LOG=debug",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_advice() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| !code.hint().is_empty()));
    }

    #[test]
    fn trouble_on_the_way_never_signs_anybody_out() {
        for code in Code::ALL {
            assert!(
                !(code.is_trouble_on_the_way() && code.needs_sign_in()),
                "{code:?}"
            );
        }
        let trouble: Vec<_> = Code::ALL
            .into_iter()
            .filter(|it| it.is_trouble_on_the_way())
            .collect();
        assert!(
            trouble.iter().all(|code| matches!(code.exit_code(), 5 | 8)),
            "{trouble:?}"
        );
        assert_eq!(trouble.len(), 7);
        let over: Vec<_> = Code::ALL
            .into_iter()
            .filter(|it| it.needs_sign_in())
            .collect();
        assert!(over.iter().all(|code| code.exit_code() == 3), "{over:?}");
        assert_eq!(over.len(), 2);
    }
}
