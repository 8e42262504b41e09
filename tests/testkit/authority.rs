//! A certificate authority of a test's own, as a company that inspects traffic has one.

use crate::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is odd about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// Nothing.
    None,
    /// It begins in the year 4000.
    NotYet,
    /// It ended in the year 2001.
    Over,
    /// It is that of another host.
    OtherName,
}

/// The authority.
#[derive(Debug)]
pub struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new one, whom nobody trusts yet.
    pub fn new() -> Result<Self> {
        let key = KeyPair::generate()?;
        let mut about = CertificateParams::new(Vec::new())?;
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        about.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        about
            .distinguished_name
            .push(DnType::CommonName, "Example Works inspection");
        let pem = about.self_signed(&key)?.pem();
        let issuer = Issuer::new(about, key);
        Ok(Self { pem, issuer })
    }

    /// Writes the certificate that others have to trust; its path.
    pub fn write_to(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join("authority.pem");
        fs::write(&path, &self.pem).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }

    /// What a server needs to speak for those hosts.
    pub fn vouch(&self, hosts: &[&str], oddity: Oddity) -> Result<Arc<ServerConfig>> {
        let names = match oddity {
            Oddity::OtherName => vec!["somewhere.example".to_owned()],
            Oddity::None | Oddity::NotYet | Oddity::Over => {
                hosts.iter().map(|&host| host.to_owned()).collect()
            }
        };
        let mut about = CertificateParams::new(names)?;
        match oddity {
            Oddity::NotYet => about.not_before = date_time_ymd(4000, 1, 1),
            Oddity::Over => about.not_after = date_time_ymd(2001, 1, 1),
            Oddity::None | Oddity::OtherName => {}
        }
        let key = KeyPair::generate()?;
        let certificate = about.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        Ok(Arc::new(config))
    }
}
