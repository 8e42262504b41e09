//! The console's pages of single resources, found by their ARNs.
//!
//! Sources of the addresses: **L** the public table of link2aws, **U** that of aws_console_url, **C** the
//! addresses that the console itself and AWS's user guides show. None was opened in a live console.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::arn::Arn;

/// What needs no encoding anywhere in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
/// The same, for ARNs and paths that the console reads as they are.
const READABLE: &AsciiSet = &PLAIN.remove(b':').remove(b'/');

/// How the part behind the kind falls into segments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    Slash,
    Colon,
    Either,
}
use Split::{Colon, Either, Slash};

/// One kind of resource: service, kind, how it splits, into how many (0: any), and its page.
///
/// In a page stand `{region}`, `{account}`, `{id}` for all behind the kind, `{path}` for the same with its
/// slashes, `{1}` to `{4}` and `{last}` for segments, `{after}` for all but the first, `{arn}` and `{arn%}`
/// for the ARN readable or encoded, `{log}`, `{queue}` and `{secret}` for what single services make of it.
type Row = (&'static str, &'static str, Split, usize, &'static str);

#[rustfmt::skip]
static ROWS: &[Row] = &[
    ("access-analyzer", "analyzer", Slash, 1, "access-analyzer/home?region={region}#/analyzer/{id}"), // L
    ("acm", "certificate", Slash, 1, "acm/home?region={region}#/certificates/{id}"), // L
    ("amplify", "apps", Slash, 0, "amplify/home?region={region}#/{1}"), // L
    ("apigateway", "restapis", Slash, 0, "apigateway/main/apis/{1}/resources?api={1}&region={region}"), // L
    ("apigateway", "apis", Slash, 0, "apigateway/main/api-detail?api={1}&region={region}"), // C
    ("apprunner", "service", Slash, 2, "apprunner/home?region={region}#/services/dashboard?service_arn={arn%}"), // C
    ("athena", "workgroup", Slash, 1, "athena/home?region={region}#/workgroups/details/{id}"), // U
    ("autoscaling", "autoScalingGroup", Either, 3, "ec2/home?region={region}#AutoScalingGroupDetails:id={last};view=details"), // L
    ("backup", "backup-vault", Colon, 1, "backup/home?region={region}#/backupvaults/details/{id}"), // L
    ("backup", "backup-plan", Colon, 1, "backup/home?region={region}#/backupplan/details/{id}"), // C
    ("batch", "job-queue", Slash, 1, "batch/home?region={region}#queues/detail/{arn}"), // U
    ("batch", "job-definition", Slash, 1, "batch/home?region={region}#job-definition/detail/{arn}"), // U
    ("batch", "job", Slash, 1, "batch/home?region={region}#jobs/detail/{id}"), // U
    ("cloudformation", "stack", Slash, 2, "cloudformation/home?region={region}#/stacks/stackinfo?stackId={arn%}"), // U
    ("cloudfront", "distribution", Slash, 1, "cloudfront/v4/home#/distributions/{id}"), // L
    ("cloudtrail", "trail", Slash, 1, "cloudtrailv2/home?region={region}#/trails/{arn}"), // C
    ("cloudwatch", "alarm", Colon, 0, "cloudwatch/home?region={region}#alarmsV2:alarm/{id}"), // U
    ("cloudwatch", "dashboard", Slash, 1, "cloudwatch/home?region={region}#dashboards/dashboard/{id}"), // U
    ("codebuild", "project", Slash, 1, "codesuite/codebuild/{account}/projects/{id}/history?region={region}"), // U
    ("codebuild", "build", Colon, 2, "codesuite/codebuild/{account}/projects/{1}/build/{1}:{2}/?region={region}"), // U
    ("codebuild", "build-batch", Colon, 2, "codesuite/codebuild/{account}/projects/{1}/batch/{1}:{2}/?region={region}"), // U
    ("codecommit", "", Slash, 1, "codesuite/codecommit/repositories/{id}/browse?region={region}"), // U
    ("codeconnections", "connection", Slash, 1, "codesuite/settings/{account}/{region}/codeconnections/connections/{id}"), // L
    ("codedeploy", "application", Colon, 1, "codesuite/codedeploy/applications/{id}?region={region}"), // C
    ("codepipeline", "", Slash, 1, "codesuite/codepipeline/pipelines/{id}/view?region={region}"), // L
    ("codestar-connections", "connection", Slash, 1, "codesuite/settings/{account}/{region}/codestar-connections/connections/{id}"), // L
    ("cognito-idp", "userpool", Slash, 1, "cognito/v2/idp/user-pools/{id}/users?region={region}"), // C
    ("dynamodb", "table", Slash, 0, "dynamodbv2/home?region={region}#table?name={1}"), // L
    ("ec2", "elastic-ip", Slash, 1, "ec2/home?region={region}#ElasticIpDetails:AllocationId={id}"), // C
    ("ec2", "image", Slash, 1, "ec2/home?region={region}#ImageDetails:imageId={id}"), // L
    ("ec2", "instance", Slash, 1, "ec2/home?region={region}#InstanceDetails:instanceId={id}"), // L
    ("ec2", "internet-gateway", Slash, 1, "vpcconsole/home?region={region}#InternetGateway:internetGatewayId={id}"), // C
    ("ec2", "launch-template", Slash, 1, "ec2/home?region={region}#LaunchTemplateDetails:launchTemplateId={id}"), // L
    ("ec2", "natgateway", Slash, 1, "vpcconsole/home?region={region}#NatGatewayDetails:natGatewayId={id}"), // L
    ("ec2", "network-acl", Slash, 1, "vpcconsole/home?region={region}#NetworkAclDetails:networkAclId={id}"), // C
    ("ec2", "network-interface", Slash, 1, "ec2/home?region={region}#NetworkInterface:networkInterfaceId={id}"), // C
    ("ec2", "route-table", Slash, 1, "vpcconsole/home?region={region}#RouteTableDetails:RouteTableId={id}"), // C
    ("ec2", "security-group", Slash, 1, "ec2/home?region={region}#SecurityGroup:groupId={id}"), // L
    ("ec2", "snapshot", Slash, 1, "ec2/home?region={region}#SnapshotDetails:snapshotId={id}"), // L
    ("ec2", "subnet", Slash, 1, "vpcconsole/home?region={region}#SubnetDetails:subnetId={id}"), // L
    ("ec2", "transit-gateway", Slash, 1, "vpcconsole/home?region={region}#TransitGatewayDetails:transitGatewayId={id}"), // C
    ("ec2", "volume", Slash, 1, "ec2/home?region={region}#VolumeDetails:volumeId={id}"), // L
    ("ec2", "vpc", Slash, 1, "vpcconsole/home?region={region}#VpcDetails:VpcId={id}"), // L
    ("ec2", "vpc-endpoint", Slash, 1, "vpcconsole/home?region={region}#EndpointDetails:vpcEndpointId={id}"), // L
    ("ec2", "vpc-peering-connection", Slash, 1, "vpcconsole/home?region={region}#PeeringConnectionDetails:VpcPeeringConnectionId={id}"), // C
    ("ecr", "repository", Slash, 0, "ecr/repositories/private/{account}/{path}?region={region}"), // U
    ("ecs", "cluster", Slash, 1, "ecs/v2/clusters/{id}?region={region}"), // L
    ("ecs", "service", Slash, 2, "ecs/v2/clusters/{1}/services/{2}?region={region}"), // L
    ("ecs", "task", Slash, 2, "ecs/v2/clusters/{1}/tasks/{2}?region={region}"), // L
    ("ecs", "task-definition", Colon, 2, "ecs/v2/task-definitions/{1}/{2}?region={region}"), // L
    ("ecs", "task-definition", Colon, 1, "ecs/v2/task-definitions/{1}?region={region}"), // L
    ("eks", "cluster", Slash, 1, "eks/home?region={region}#/clusters/{id}"), // L
    ("eks", "nodegroup", Slash, 3, "eks/home?region={region}#/clusters/{1}/nodegroups/{2}"), // L
    ("elasticache", "replicationgroup", Colon, 1, "elasticache/home?region={region}#/redis/{id}"), // C
    ("elasticfilesystem", "file-system", Slash, 1, "efs/home?region={region}#/file-systems/{id}"), // C
    ("elasticloadbalancing", "loadbalancer", Slash, 3, "ec2/home?region={region}#LoadBalancer:loadBalancerArn={arn}"), // L
    ("elasticloadbalancing", "loadbalancer", Slash, 1, "ec2/home?region={region}#LoadBalancers:search={id}"), // C
    ("elasticloadbalancing", "targetgroup", Slash, 2, "ec2/home?region={region}#TargetGroup:targetGroupArn={arn}"), // C
    ("es", "domain", Slash, 1, "aos/home?region={region}#opensearch/domains/{id}"), // U
    ("events", "event-bus", Slash, 1, "events/home?region={region}#/eventbus/{id}"), // U
    ("events", "rule", Slash, 1, "events/home?region={region}#/eventbus/default/rules/{id}"), // U
    ("events", "rule", Slash, 2, "events/home?region={region}#/eventbus/{1}/rules/{2}"), // U
    ("firehose", "deliverystream", Slash, 1, "firehose/home?region={region}#/details/{id}/monitoring"), // L
    ("glue", "crawler", Slash, 1, "glue/home?region={region}#/v2/data-catalog/crawlers/view/{id}"), // U
    ("glue", "database", Slash, 1, "glue/home?region={region}#/v2/data-catalog/databases/view/{id}?catalogId={account}"), // U
    ("glue", "job", Slash, 1, "gluestudio/home?region={region}#/editor/job/{id}"), // U
    ("glue", "table", Slash, 2, "glue/home?region={region}#/v2/data-catalog/tables/view/{2}?database={1}&catalogId={account}&versionId=latest"), // U
    ("glue", "trigger", Slash, 1, "glue/home?region={region}#/v2/etl-configuration/triggers/view/{id}"), // U
    ("iam", "group", Slash, 0, "iamv2/home#/groups/details/{last}"), // L, U
    ("iam", "oidc-provider", Slash, 0, "iamv2/home#/identity_providers/details/OPENID/{arn%}"), // C
    ("iam", "policy", Slash, 0, "iamv2/home#/policies/details/{arn%}"), // C
    ("iam", "role", Slash, 0, "iamv2/home#/roles/details/{last}?section=permissions"), // U
    ("iam", "saml-provider", Slash, 1, "iamv2/home#/identity_providers/details/SAML/{arn%}"), // C
    ("iam", "user", Slash, 0, "iamv2/home#/users/details/{last}"), // C
    ("kafka", "cluster", Slash, 2, "msk/home?region={region}#/cluster/{arn%}/view"), // C
    ("kinesis", "stream", Slash, 1, "kinesis/home?region={region}#/streams/details/{id}/details"), // L
    ("kms", "key", Slash, 1, "kms/home?region={region}#/kms/keys/{id}"), // L
    ("lambda", "function", Colon, 0, "lambda/home?region={region}#/functions/{1}"), // L
    ("lambda", "layer", Colon, 2, "lambda/home?region={region}#/layers/{1}/versions/{2}"), // L
    ("lambda", "layer", Colon, 1, "lambda/home?region={region}#/layers/{1}"), // U
    ("logs", "log-group", Colon, 0, "cloudwatch/home?region={region}#logsV2:log-groups/log-group/{log}"), // L
    ("medialive", "channel", Colon, 1, "medialive/home?region={region}#/channels/{id}"), // L
    ("organizations", "account", Slash, 2, "organizations/v2/home/accounts/{2}"), // C
    ("rds", "cluster", Colon, 1, "rds/home?region={region}#database:id={id};is-cluster=true"), // L
    ("rds", "cluster-snapshot", Colon, 0, "rds/home?region={region}#db-snapshot:engine=aurora;id={id}"), // C
    ("rds", "db", Colon, 1, "rds/home?region={region}#database:id={id};is-cluster=false"), // L
    ("rds", "og", Colon, 1, "rds/home?region={region}#option-group-details:option-group-name={id}"), // L
    ("rds", "snapshot", Colon, 0, "rds/home?region={region}#db-snapshot:id={id}"), // L
    ("rds", "subgrp", Colon, 1, "rds/home?region={region}#db-subnet-group:id={id}"), // L
    ("redshift", "cluster", Colon, 1, "redshiftv2/home?region={region}#cluster-details?cluster={id}"), // C
    ("route53", "healthcheck", Slash, 1, "route53/healthchecks/home#/details/{id}"), // C
    ("route53", "hostedzone", Slash, 1, "route53/v2/hostedzones#ListRecordSets/{id}"), // C
    ("s3", "accesspoint", Slash, 1, "s3/ap/{account}/{id}?region={region}"), // C
    ("s3", "", Slash, 1, "s3/buckets/{1}?region={region}"), // L
    ("s3", "", Slash, 0, "s3/object/{1}?region={region}&prefix={after}"), // U
    ("sagemaker", "endpoint", Slash, 1, "sagemaker/home?region={region}#/endpoints/{id}"), // U
    ("sagemaker", "notebook-instance", Slash, 1, "sagemaker/home?region={region}#/notebook-instances/{id}"), // U
    ("sagemaker", "training-job", Slash, 1, "sagemaker/home?region={region}#/jobs/{id}"), // U
    ("secretsmanager", "secret", Colon, 1, "secretsmanager/secret?name={secret}&region={region}"), // L
    ("sns", "", Colon, 1, "sns/v3/home?region={region}#/topic/{arn}"), // L
    ("sns", "", Colon, 2, "sns/v3/home?region={region}#/subscription/{arn}"), // C
    ("sqs", "", Slash, 1, "sqs/v2/home?region={region}#/queues/{queue}"), // L
    ("ssm", "document", Slash, 0, "systems-manager/documents/{id}/description?region={region}"), // C
    ("ssm", "parameter", Slash, 0, "systems-manager/parameters/{path}/description?region={region}&tab=Table"), // U
    ("states", "execution", Colon, 2, "states/home?region={region}#/v2/executions/details/{arn}"), // L
    ("states", "stateMachine", Colon, 1, "states/home?region={region}#/statemachines/view/{arn}"), // L
    ("synthetics", "canary", Colon, 1, "cloudwatch/home?region={region}#synthetics:canary/detail/{id}"), // C
    ("transfer", "server", Slash, 1, "transfer/home?region={region}#/servers/{id}"), // C
    ("wafv2", "global", Slash, 3, "wafv2/homev2/web-acl/{2}/{3}/overview?region=global"), // L
    ("wafv2", "regional", Slash, 3, "wafv2/homev2/web-acl/{2}/{3}/overview?region={region}"), // L
];

/// The page of a resource below the console's host, in a Region where the ARN names none; `None` where
/// the page of its kind is not known.
pub(super) fn page(arn: &Arn, region: &str) -> Option<String> {
    let (kind, rest) = arn.kind();
    let whole = arn.resource.as_str();
    let row = find(&arn.service, kind, rest).map(|row| (row, rest));
    let (row, id) = row.or_else(|| find(&arn.service, "", whole).map(|row| (row, whole)))?;
    filled(row, arn, id, arn.region.as_deref().unwrap_or(region))
}

/// How many kinds of resources have a page of their own.
#[cfg(test)]
pub(super) fn kinds() -> usize {
    let kinds: std::collections::BTreeSet<_> = ROWS.iter().map(|it| (it.0, it.1)).collect();
    kinds.len()
}

fn find(service: &str, kind: &str, rest: &str) -> Option<&'static Row> {
    ROWS.iter().find(|(its, named, split, count, _)| {
        *its == service && *named == kind && {
            let segments = segments(*split, rest);
            let whole = !segments.iter().any(|it| matches!(*it, "" | "." | ".."));
            // A key or a path may hold anything; what is counted has to be there.
            (*count == 0 || (*count == segments.len() && whole)) && is_telling(&segments)
        }
    })
}

/// Something is named, and nothing that an address would take for a step upwards.
fn is_telling(segments: &[&str]) -> bool {
    let first = segments.first().copied().unwrap_or_default();
    !first.is_empty() && !segments.iter().any(|it| matches!(*it, "." | ".."))
}

fn segments(split: Split, rest: &str) -> Vec<&str> {
    // The names of parameters and log groups begin with a slash.
    let rest = rest.trim_start_matches('/');
    match split {
        Slash => rest.split('/').collect(),
        Colon => rest.split(':').collect(),
        Either => rest.split(['/', ':']).collect(),
    }
}

fn filled(row: &Row, arn: &Arn, id: &str, region: &str) -> Option<String> {
    let (_, _, split, _, page) = row;
    let segments = segments(*split, id);
    let (mut text, mut left) = (String::new(), *page);
    while let Some((before, behind)) = left.split_once('{') {
        let (name, after) = behind.split_once('}')?;
        text.push_str(before);
        text.push_str(&value(name, arn, id, &segments, region)?);
        left = after;
    }
    text.push_str(left);
    Some(text)
}

fn value(name: &str, arn: &Arn, id: &str, segments: &[&str], region: &str) -> Option<String> {
    Some(match name {
        "region" => plain(region),
        "account" => plain(arn.account.as_deref()?),
        "id" => plain(id),
        "path" => readable(id.trim_start_matches('/')),
        "after" => plain(id.split_once('/')?.1),
        "last" => plain(segments.last()?),
        "arn" => readable(&arn.text),
        "arn%" => plain(&arn.text),
        "log" => log_group(id),
        "queue" => plain(&queue(arn, region)?),
        "secret" => plain(without_suffix(id)),
        number => plain(segments.get(number.parse::<usize>().ok()?.checked_sub(1)?)?),
    })
}

fn plain(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

fn readable(text: &str) -> String {
    utf8_percent_encode(text, READABLE).to_string()
}

/// `NAME`, `NAME:*` or `NAME:log-stream:STREAM`, encoded twice, with `$` for the second `%`.
fn log_group(id: &str) -> String {
    let twice = |text: &str| plain(&plain(text)).replace('%', "$");
    let id = id.strip_suffix(":*").unwrap_or(id);
    match id.split_once(":log-stream:") {
        Some((group, "")) => twice(group),
        Some((group, stream)) => format!("{}/log-events/{}", twice(group), twice(stream)),
        None => twice(id),
    }
}

/// The console knows a queue by its address.
fn queue(arn: &Arn, region: &str) -> Option<String> {
    let suffix = match arn.partition {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    };
    let (account, name) = (arn.account.as_deref()?, &arn.resource);
    Some(format!("https://sqs.{region}.{suffix}/{account}/{name}"))
}

/// The ARN of a secret ends with a dash and six characters that are not of its name.
fn without_suffix(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((name, suffix)) if suffix.len() == 6 && !name.is_empty() => name,
        _ => id,
    }
}
