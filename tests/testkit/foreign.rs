//! Files of others in AWS's token cache, which nobody may tear, change or lose.

use crate::home::{Home, make_private};
use crate::{Context, Result, ensure};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// Name, text and mode: a token of another session, a registration of the AWS CLI, one of an
/// editor's, half a file, and something that is no JSON at all.
const FILES: [(&str, &str, u32); 5] = [
    (
        "a8c93c8c8a9d8b3f4c2f3b1c0f7d1a5b9e6f2d01.json",
        "{\"startUrl\": \"https://d-1111111111.awsapps.com/start\", \"region\": \"us-east-1\", \
         \"accessToken\": \"aoa-of-somebody-else\", \"expiresAt\": \"2031-01-02T03:04:05Z\"}",
        0o600,
    ),
    (
        "ba5270a64c63dd3fbdc24dc93205396dcea8fa76.json",
        "{\"clientId\": \"an-id\", \"clientSecret\": \"a-secret-of-somebody-else\", \
         \"expiresAt\": \"2031-01-02T03:04:05Z\", \"scopes\": [\"sso:account:access\"]}",
        0o644,
    ),
    (
        "aws-toolkit-vscode-client-id-us-east-1.json",
        "{\n}\n",
        0o600,
    ),
    (
        "0000000000000000000000000000000000000000.json",
        "{\"acce",
        0o600,
    ),
    ("notes.txt", "not a token\n", 0o640),
];

/// The files, once they are there.
#[derive(Debug)]
pub struct ForeignFiles {
    folder: PathBuf,
}

impl ForeignFiles {
    /// Puts them into the cache of that home.
    pub fn put(home: &Home) -> Result<Self> {
        let folder = home.sso_cache();
        make_private(&folder)?;
        for (name, text, mode) in FILES {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
            fs::set_permissions(&path, Permissions::from_mode(mode))?;
        }
        Ok(Self { folder })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        FILES.len()
    }

    /// Holds each of them to its bytes and its mode.
    pub fn are_as_they_were(&self) -> Result<()> {
        for (name, text, mode) in FILES {
            let path = self.folder.join(name);
            let bytes = fs::read(&path).with_context(|| format!("{name} was lost"))?;
            ensure!(bytes == text.as_bytes(), "{name} was changed");
            let now = fs::metadata(&path)?.permissions().mode() & 0o777;
            ensure!(now == mode, "{name} had mode {mode:o} and has {now:o}");
        }
        Ok(())
    }
}
