//! Made-up AWS config files, the same again for the same number: what people, tools and accidents write.

/// Numbers that look like chance (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Begins anew for each seed.
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// One of so many, from 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = bound.max(1) as u64;
        usize::try_from((z ^ (z >> 31)) % bound).unwrap_or(0)
    }

    /// One of these.
    pub fn of_these<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

const HEADERS: [&str; 34] = [
    "[default]",
    "[profile a]",
    "[profile b]",
    "[profile c-d]",
    "[profile e.f@g]",
    "[profile \"a b\"]",
    "[profile 'q']",
    "[profile \"a\"]",
    "[profile  two]",
    "[ profile in ]",
    "[profile a] # c",
    "[profile a];c",
    "[profile a] ; c]",
    " [profile d]",
    "\t[profile t]",
    "[Profile a]",
    "[a]",
    "[profile my name]",
    "[profile x",
    "[profile größe]",
    "[profile 東京]",
    "[sso-session s]",
    "[sso-session \"s t\"]",
    "[sso-session s] # c",
    "[services x]",
    "[DEFAULT]",
    "[plugins]",
    "[]",
    "[profile]",
    "[profile \"]",
    "[profile a\\b]",
    "[profile ]]",
    "[profile default]",
    "[profiles p]",
];

const SETTINGS: [&str; 38] = [
    "region = eu-west-1",
    "region=eu-west-1",
    "Region = us-east-1",
    "output = json",
    "output: text",
    "s3 =",
    "s3 = ",
    "    max_queue_size = 1",
    "\taddressing_style = path",
    "  nonsense",
    "  a = b = c",
    "key = v # c",
    "key = v ; c",
    "key = #x",
    "key = v#c",
    "key =",
    "key",
    "= v",
    ": v",
    " key = v",
    "key = \"v\"",
    "key = a%b",
    "key = é",
    "key = [x]",
    "sso_session = s",
    "sso_account_id = 012345678901",
    "sso_role_name = R",
    "sso_start_url = https://d-0000000000.awsapps.com/start",
    "sso_region = eu-west-1",
    "aws_access_key_id = AKIA",
    "credential_process = x",
    "role_arn = r",
    "k\t=\tv",
    "k = a\\",
    "k = 'v",
    "list = a,",
    "  b,",
    "KEY = V",
];

const OTHERS: [&str; 16] = [
    "",
    "",
    "",
    "   ",
    "\t",
    "# comment",
    "; comment",
    "  # indented",
    "\t; indented",
    "#",
    "# [profile x]",
    "\u{a0}",
    "\u{b}",
    "\u{85}x = 1",
    "\u{feff}",
    "\u{1c}",
];

/// A file; most of them are such that some reader could take it.
pub fn config_file(chance: &mut Chance) -> Vec<u8> {
    let ending = chance.of_these(&["\n", "\n", "\n", "\r\n", "\r\n", "\r"]);
    let (mixed, careful) = (chance.below(8) == 0, chance.below(4) > 0);
    let mut file = Vec::new();
    if chance.below(40) == 0 {
        file.extend("\u{feff}".as_bytes());
    }
    let lines = 1 + chance.below(16);
    for index in 0..lines {
        file.extend(line(chance, index, careful));
        let mixed = mixed.then(|| chance.of_these(&["\n", "\r\n", "\r"]));
        file.extend(mixed.unwrap_or(ending).as_bytes());
    }
    if chance.below(4) == 0 {
        file.pop();
    }
    file
}

/// A careful hand repeats no header and no key, and writes no accidents.
fn line(chance: &mut Chance, index: usize, careful: bool) -> Vec<u8> {
    match (careful, chance.below(10)) {
        (true, 0..=2) => format!("[profile p{index}]").into_bytes(),
        (true, 3..=5) => format!(
            "key{index} = {}",
            chance.of_these(&["v", "v # c", "", "a = b", "é"])
        )
        .into_bytes(),
        (true, 6) => chance.of_these(&HEADERS[..12]).into(),
        (true, 7) => chance.of_these(&SETTINGS[..10]).into(),
        (true, _) => chance.of_these(&OTHERS[..12]).into(),
        (false, 0..=2) => chance.of_these(&HEADERS).into(),
        (false, 3..=6) => chance.of_these(&SETTINGS).into(),
        (false, 7..=8) => chance.of_these(&OTHERS).into(),
        (false, _) => (0..chance.below(9))
            .map(|_| chance.below(256) as u8)
            .collect(),
    }
}

/// A file of at least that many bytes, which every reader takes.
pub fn big_config_file(bytes: usize) -> Vec<u8> {
    let mut file = String::from("[default]\nregion = eu-west-1\n");
    let remark = "who may ask whom, and why. ".repeat(40);
    for number in 0.. {
        if file.len() >= bytes {
            break;
        }
        file += &format!(
            "\n# account {number}: {remark}\n[profile team-{number}]\nsso_session = s\nsso_account_id = {number:012}\n\
             sso_role_name = ReadOnly\nregion = eu-west-1\ns3 =\n    addressing_style = path\n"
        );
    }
    file.into_bytes()
}
