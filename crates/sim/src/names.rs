//! Names as companies have them, and names that break careless programs.

use crate::organisation::Account;

const TEAMS: [&str; 40] = [
    "payments",
    "ledger",
    "data-platform",
    "checkout",
    "identity",
    "search",
    "catalog",
    "fraud",
    "billing",
    "notifications",
    "mobile-api",
    "web",
    "analytics",
    "ml-training",
    "ml-inference",
    "warehouse",
    "logistics",
    "pricing",
    "partner-api",
    "support-tools",
    "marketing",
    "crm",
    "observability",
    "network",
    "dns",
    "edge",
    "media",
    "reporting",
    "risk",
    "treasury",
    "onboarding",
    "documents",
    "messaging",
    "iot",
    "geo",
    "recommendations",
    "inventory",
    "returns",
    "subscriptions",
    "developer-portal",
];

const ENVIRONMENTS: [&str; 6] = ["production", "staging", "dev", "sandbox", "test", "dr"];

/// What grew before there were rules.
const IRREGULAR: [&str; 16] = [
    "Acme Legacy (do not use)",
    "audit-archive",
    "log-archive",
    "Security Tooling",
    "MASTER ACCOUNT",
    "shared-services",
    "Jo's Playground",
    "prod_eu_old",
    "Networking - Transit",
    "AFT-Management",
    "M&A: Northwind",
    "backup",
    "PoC 2019 / migrate me",
    "data-lake-prod-eu-central-1",
    "Zahlungsverkehr-Produktion",
    "Caf\u{e9} Kiosk",
];

const ROLES: [&str; 24] = [
    "ReadOnly",
    "AdministratorAccess",
    "PowerUserAccess",
    "BillingViewer",
    "DataEngineer",
    "SecurityAudit",
    "Developer",
    "SupportUser",
    "NetworkAdministrator",
    "DatabaseAdministrator",
    "DeployProduction",
    "BreakGlass",
    "DataScientist",
    "LogReader",
    "CostOptimiser",
    "IncidentResponder",
    "ViewOnlyAccess",
    "KeyCustodian",
    "SageMakerUser",
    "ContainerOperator",
    "Backup-Operator",
    "Compliance_Reviewer",
    "TerraformPlan",
    "TerraformApply",
];

/// The name of account number `n`: mostly team and environment, now and then something
/// that nobody would choose today. Each `n` has another.
pub(crate) fn account(n: usize, seed: usize) -> String {
    let (lap, place) = (n / 11, n % 11);
    if place == 7 && lap < IRREGULAR.len() {
        return IRREGULAR[lap].to_owned();
    }
    regular(
        n - (lap + usize::from(place > 7)).min(IRREGULAR.len()),
        seed,
    )
}

/// First three environments of every team, then the other three, then all over again with
/// a number.
fn regular(n: usize, seed: usize) -> String {
    let row = n / 3;
    let (lap, late) = (row / TEAMS.len() / 2, row / TEAMS.len() % 2);
    // 7 has no factor in common with the number of teams: each row has a team of its own.
    let team = TEAMS[(row * 7 + seed) % TEAMS.len()];
    let environment = ENVIRONMENTS[n % 3 + 3 * late];
    match lap {
        0 => format!("{team}-{environment}"),
        again => format!("{team}-{environment}-{:02}", again + 1),
    }
}

/// How many role names there are before they are numbered.
pub(crate) fn roles() -> usize {
    ROLES.len()
}

/// The name of role number `n`; 0 is `ReadOnly`.
pub(crate) fn role(n: usize) -> String {
    match ROLES.get(n) {
        Some(name) => (*name).to_owned(),
        None => format!("{}-{:02}", ROLES[n % ROLES.len()], n / ROLES.len() + 1),
    }
}

/// Account `n` with a name that a program must survive: it may only be shown as text.
pub(crate) fn spoil(mut account: Account, n: usize) -> Account {
    let payloads = payloads();
    account.name = payloads[n % payloads.len()].clone();
    let text = account.name.as_deref();
    if text.is_none_or(str::is_empty) {
        account.email = None;
    } else if n % 3 == 1 {
        account.email = Some("\"<b>x</b>\u{202e}\"@example.com\u{7}".into());
    }
    if n % 2 == 1 {
        account.roles.push("<img src=x onerror=alert(1)>".into());
        account
            .roles
            .push("Role]\n[profile stolen]\ncredential_process = false #".into());
    }
    account
}

fn payloads() -> Vec<Option<String>> {
    let texts = [
        "<script>document.title='owned'</script>",
        "<img src=x onerror=\"alert('name')\">",
        "\"><svg/onload=alert(1)>",
        "javascript:alert(1)//",
        "{{7*7}} ${7*7} <%= 7*7 %>",
        "&lt;already escaped&gt; &amp;",
        "\u{202e}noitcudorp\u{202c} (right to left)",
        "\u{5d7}\u{5e9}\u{5d1}\u{5d5}\u{5df} \u{627}\u{644}\u{625}\u{646}\u{62a}\u{627}\u{62c} prod",
        "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{1b}[2J",
        "bell\u{7} back\u{8}space nul\u{0} del\u{7f} c1\u{9b}31m",
        "line one\nline two\r\n[profile injected]\ncredential_process = false",
        "] # [default] ; = : \\ \" ' `id` $(id)",
        "../../etc/passwd %2e%2e%2f %s %n %00",
        "zero\u{200b}width\u{feff} and \u{2066}isolates\u{2069}",
        "Z\u{351}\u{36b}\u{343}a\u{36a}\u{302}l\u{36c}\u{341}go\u{35b}\u{34b}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} \u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
        "  leading and trailing  ",
        "\t",
        "p\u{440}oduction (a Cyrillic letter)",
        "=HYPERLINK(\"http://127.0.0.1/\",\"open\")",
        "null",
        "-rf --help",
    ];
    let long = "Long name ".repeat(1000);
    let named = texts
        .into_iter()
        .map(str::to_owned)
        .chain([long, String::new()]);
    // Last of these: an account with a name of no characters, and one without any name.
    let further = FURTHER.map(|text| Some(text.to_owned()));
    named.map(Some).chain([None]).chain(further).collect()
}

/// More of them: ways into a page, a terminal, a file, a sheet, a template.
const FURTHER: [&str; 28] = [
    "<iframe srcdoc=\"<script>parent.owned=1</script>\">",
    "<svg><script>owned=1</script></svg>",
    "<math><mtext></p><img src=x onerror=owned=1>",
    "<details open ontoggle=owned=1>",
    "<body onload=owned=1>",
    "<input autofocus onfocus=owned=1>",
    "<video><source onerror=owned=1>",
    "<a href=\"javascript:owned=1\">click</a>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//127.0.0.1:9/x.css>",
    "<meta http-equiv=refresh content=\"0;url=//127.0.0.1:9/\">",
    "<base href=//127.0.0.1:9/>",
    "<form action=//127.0.0.1:9/><button>go</button></form>",
    "</textarea></title></style></script><img src=x onerror=owned=1>",
    "' onmouseover='owned=1",
    "` onmouseover=owned=1 `",
    "<!--<img src=\"--><img src=x onerror=owned=1>\">",
    "<![CDATA[<script>owned=1</script>]]>",
    "\u{ff1c}script\u{ff1e}owned=1\u{ff1c}/script\u{ff1e}",
    "%3Cscript%3Eowned%3D1%3C/script%3E",
    "{@html '<img src=x onerror=owned=1>'}",
    "constructor __proto__ toString",
    "\u{1b}]8;;http://127.0.0.1:9/\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{1b}P1;1|17/6f776e\u{1b}\\ \u{1b}[5n \u{1b}c",
    "\u{9d}0;title\u{9c} \u{90}q\u{9c}",
    "\u{2067}\u{202d}\u{200f}\u{61c}mixed\u{2028}lines\u{2029}",
    "tag\u{e0001}\u{e0061}\u{e007f} \u{fff9}a\u{fffa}b\u{fffb}",
    "@SUM(1+1)*cmd|' /C calc'!A0",
];
