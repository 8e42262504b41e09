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
    if n % payloads.len() >= payloads.len() - 2 {
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
    // The last two: an account with a name of no characters, and one without any name.
    named.map(Some).chain([None]).collect()
}
