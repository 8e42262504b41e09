//! The services that a user can name, and the pages of the console that they live on.
//!
//! Sources of the addresses: the service map of the tool Granted, the public link tables of link2aws and
//! aws_console_url, and for the rest the addresses that AWS's own user guides link to.

/// Whether a service has a page for each Region, or one for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One page for each Region.
    Regional,
    /// One page for all Regions.
    Global,
}

/// One service, or one page of a service that has a name of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Landing {
    /// As people call it.
    pub title: &'static str,
    /// What may be typed for it, in lower case; the first is the one that is shown.
    pub names: &'static [&'static str],
    /// The path on the console's host.
    pub path: &'static str,
    /// What follows the `#`; mostly nothing.
    pub fragment: &'static str,
    /// Whether it is the same for all Regions.
    pub reach: Reach,
}

impl Landing {
    /// The name that is shown.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }
}

/// The service of a name; capitals, blanks and underscores do not matter.
pub fn service(name: &str) -> Option<&'static Landing> {
    let name = name.trim().to_lowercase().replace([' ', '_'], "-");
    SERVICES
        .iter()
        .find(|service| service.names.contains(&name.as_str()))
}

const fn regional(
    title: &'static str,
    names: &'static [&'static str],
    path: &'static str,
) -> Landing {
    Landing {
        title,
        names,
        path,
        fragment: "",
        reach: Reach::Regional,
    }
}

const fn global(
    title: &'static str,
    names: &'static [&'static str],
    path: &'static str,
) -> Landing {
    Landing {
        title,
        names,
        path,
        fragment: "",
        reach: Reach::Global,
    }
}

const fn part(
    title: &'static str,
    names: &'static [&'static str],
    path: &'static str,
    fragment: &'static str,
) -> Landing {
    Landing {
        title,
        names,
        path,
        fragment,
        reach: Reach::Regional,
    }
}

/// All services, by title.
#[rustfmt::skip]
pub static SERVICES: &[Landing] = &[
    regional("Access Analyzer", &["access-analyzer"], "access-analyzer/home"),
    regional("Amplify", &["amplify"], "amplify/home"),
    regional("API Gateway", &["apigateway", "api-gateway", "apigw", "execute-api"], "apigateway/home"),
    regional("App Runner", &["apprunner", "app-runner"], "apprunner/home"),
    regional("AppConfig", &["appconfig"], "systems-manager/appconfig"),
    regional("AppSync", &["appsync"], "appsync/home"),
    regional("Athena", &["athena"], "athena/home"),
    regional("Audit Manager", &["auditmanager", "audit-manager"], "auditmanager/home"),
    part("Auto Scaling groups", &["autoscaling", "auto-scaling", "asg"], "ec2/home", "AutoScalingGroups:"),
    regional("Backup", &["backup"], "backup/home"),
    regional("Batch", &["batch"], "batch/home"),
    regional("Bedrock", &["bedrock"], "bedrock/home"),
    global("Billing", &["billing", "bills"], "billing/home"),
    Landing { title: "Budgets", names: &["budgets"], path: "billing/home", fragment: "/budgets", reach: Reach::Global },
    regional("Certificate Manager", &["acm", "certificates", "certificate-manager"], "acm/home"),
    regional("Cloud Map", &["cloudmap", "servicediscovery"], "cloudmap/home"),
    regional("Cloud9", &["cloud9", "c9"], "cloud9/home"),
    regional("CloudFormation", &["cloudformation", "cfn", "stacks"], "cloudformation/home"),
    global("CloudFront", &["cloudfront", "cf"], "cloudfront/v4/home"),
    regional("CloudHSM", &["cloudhsm"], "cloudhsm/home"),
    regional("CloudShell", &["cloudshell", "shell"], "cloudshell/home"),
    regional("CloudTrail", &["cloudtrail", "ct"], "cloudtrail/home"),
    regional("CloudWatch", &["cloudwatch", "cw"], "cloudwatch/home"),
    part("CloudWatch alarms", &["alarms"], "cloudwatch/home", "alarmsV2:"),
    part("CloudWatch dashboards", &["dashboards"], "cloudwatch/home", "dashboards:"),
    part("CloudWatch logs", &["logs", "log-groups"], "cloudwatch/home", "logsV2:log-groups"),
    part("CloudWatch Logs Insights", &["logs-insights", "insights"], "cloudwatch/home", "logsV2:logs-insights"),
    part("CloudWatch metrics", &["metrics", "monitoring"], "cloudwatch/home", "metricsV2:"),
    regional("CodeArtifact", &["codeartifact"], "codesuite/codeartifact/domains"),
    regional("CodeBuild", &["codebuild"], "codesuite/codebuild/projects"),
    regional("CodeCommit", &["codecommit"], "codesuite/codecommit/repositories"),
    regional("CodeDeploy", &["codedeploy"], "codesuite/codedeploy/applications"),
    regional("CodePipeline", &["codepipeline", "pipelines"], "codesuite/codepipeline/pipelines"),
    regional("Cognito", &["cognito", "cognito-idp", "cognito-identity"], "cognito/v2/home"),
    regional("Compute Optimizer", &["compute-optimizer", "computeoptimizer"], "compute-optimizer/home"),
    regional("Config", &["config"], "config/home"),
    regional("Connect", &["connect"], "connect/v2/app/instances"),
    regional("Control Tower", &["controltower", "control-tower"], "controltower/home"),
    global("Cost Management", &["costs", "ce", "cost-explorer", "cost-management"], "cost-management/home"),
    regional("DataSync", &["datasync"], "datasync/home"),
    regional("Detective", &["detective"], "detective/home"),
    global("Direct Connect", &["directconnect", "dx", "direct-connect"], "directconnect/v2/home"),
    regional("Directory Service", &["ds", "directoryservice", "directory-service"], "directoryservicev2/home"),
    regional("DMS", &["dms", "database-migration"], "dms/v2/home"),
    regional("DocumentDB", &["docdb", "documentdb"], "docdb/home"),
    regional("DynamoDB", &["dynamodb", "ddb"], "dynamodbv2/home"),
    part("EBS volumes", &["ebs", "volumes"], "ec2/home", "Volumes:"),
    regional("EC2", &["ec2"], "ec2/v2/home"),
    part("EC2 instances", &["instances"], "ec2/home", "Instances:"),
    regional("ECR", &["ecr", "registry"], "ecr/home"),
    regional("ECS", &["ecs"], "ecs/home"),
    regional("EFS", &["efs", "elasticfilesystem"], "efs/home"),
    regional("EKS", &["eks", "kubernetes"], "eks/home"),
    regional("Elastic Beanstalk", &["elasticbeanstalk", "eb", "beanstalk"], "elasticbeanstalk/home"),
    regional("ElastiCache", &["elasticache", "redis"], "elasticache/home"),
    regional("EMR", &["emr", "elasticmapreduce"], "emr/home"),
    regional("EventBridge", &["eventbridge", "events"], "events/home"),
    regional("EventBridge Scheduler", &["scheduler"], "scheduler/home"),
    regional("Fault Injection Service", &["fis"], "fis/home"),
    regional("FSx", &["fsx"], "fsx/home"),
    global("Global Accelerator", &["globalaccelerator", "global-accelerator"], "globalaccelerator/home"),
    regional("Glue", &["glue"], "glue/home"),
    regional("Grafana", &["grafana"], "grafana/home"),
    regional("GuardDuty", &["guardduty", "gd"], "guardduty/home"),
    global("Health", &["health"], "health/home"),
    global("IAM", &["iam"], "iamv2/home"),
    regional("IAM Identity Center", &["sso", "identity-center", "identitycenter"], "singlesignon/home"),
    regional("Image Builder", &["imagebuilder", "image-builder"], "imagebuilder/home"),
    regional("Inspector", &["inspector", "inspector2"], "inspector/v2/home"),
    regional("IoT Core", &["iot", "iot-core"], "iot/home"),
    regional("Keyspaces", &["keyspaces", "cassandra"], "keyspaces/home"),
    regional("Kinesis", &["kinesis"], "kinesis/home"),
    regional("Kinesis Firehose", &["firehose"], "firehose/home"),
    regional("KMS", &["kms", "keys"], "kms/home"),
    regional("Lake Formation", &["lakeformation", "lake-formation"], "lakeformation/home"),
    regional("Lambda", &["lambda", "l", "functions"], "lambda/home"),
    part("Load balancers", &["elb", "alb", "elasticloadbalancing", "load-balancers"], "ec2/home", "LoadBalancers:"),
    regional("Macie", &["macie", "macie2"], "macie/home"),
    regional("MediaConvert", &["mediaconvert"], "mediaconvert/home"),
    regional("MediaLive", &["medialive"], "medialive/home"),
    regional("MemoryDB", &["memorydb"], "memorydb/home"),
    regional("MQ", &["mq", "amazon-mq"], "amazon-mq/home"),
    regional("MSK", &["msk", "kafka"], "msk/home"),
    regional("MWAA", &["mwaa", "airflow"], "mwaa/home"),
    regional("Neptune", &["neptune"], "neptune/home"),
    global("Network Manager", &["networkmanager", "network-manager"], "networkmanager/home"),
    regional("OpenSearch", &["opensearch", "aos", "es"], "aos/home"),
    global("Organizations", &["organizations", "orgs"], "organizations/v2/home"),
    regional("Parameter Store", &["parameters", "param", "parameter-store"], "systems-manager/parameters"),
    regional("Private CA", &["acm-pca", "pca", "private-ca"], "acm-pca/home"),
    regional("Prometheus", &["prometheus", "aps", "amp"], "prometheus/home"),
    regional("RAM", &["ram", "resource-access-manager"], "ram/home"),
    regional("RDS", &["rds", "databases"], "rds/home"),
    regional("Redshift", &["redshift"], "redshiftv2/home"),
    regional("Rekognition", &["rekognition"], "rekognition/home"),
    regional("Resource Explorer", &["resource-explorer", "resource-explorer-2"], "resource-explorer/home"),
    regional("Resource Groups", &["resource-groups", "tags", "tag-editor"], "resource-groups/home"),
    global("Route 53", &["route53", "r53", "dns"], "route53/v2/home"),
    regional("S3", &["s3", "buckets"], "s3/home"),
    regional("SageMaker", &["sagemaker"], "sagemaker/home"),
    regional("Secrets Manager", &["secretsmanager", "secrets", "sm", "scrm", "secrets-manager"], "secretsmanager/home"),
    part("Security groups", &["security-groups", "sg"], "ec2/home", "SecurityGroups:"),
    regional("Security Hub", &["securityhub", "scrh", "security-hub"], "securityhub/home"),
    regional("Service Catalog", &["servicecatalog", "service-catalog", "catalog"], "servicecatalog/home"),
    regional("Service Quotas", &["servicequotas", "quotas", "service-quotas", "limits"], "servicequotas/home"),
    regional("SES", &["ses", "email"], "ses/home"),
    regional("Session Manager", &["session-manager", "sessionmanager"], "systems-manager/session-manager"),
    regional("Shield", &["shield"], "wafv2/shieldv2"),
    regional("Signer", &["signer"], "signer/home"),
    regional("SNS", &["sns", "topics"], "sns/home"),
    regional("SQS", &["sqs", "queues"], "sqs/home"),
    regional("Step Functions", &["stepfunctions", "sfn", "states", "stepfn", "step-functions"], "states/home"),
    regional("Storage Gateway", &["storagegateway", "storage-gateway"], "storagegateway/home"),
    global("Support", &["support"], "support/home"),
    regional("Systems Manager", &["ssm", "systems-manager"], "systems-manager/home"),
    regional("Textract", &["textract"], "textract/home"),
    regional("Timestream", &["timestream"], "timestream/home"),
    regional("Transfer Family", &["transfer", "sftp"], "transfer/home"),
    regional("Translate", &["translate"], "translate/home"),
    global("Trusted Advisor", &["trustedadvisor", "tra", "trusted-advisor"], "trustedadvisor/home"),
    regional("VPC", &["vpc", "subnets"], "vpc/home"),
    regional("WAF", &["waf", "wafv2"], "wafv2/home"),
    regional("Well-Architected Tool", &["wellarchitected", "well-architected"], "wellarchitected/home"),
    regional("WorkSpaces", &["workspaces"], "workspaces/v2/home"),
    part("X-Ray traces", &["xray", "x-ray", "traces"], "cloudwatch/home", "xray:traces/query"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_means_one_service_and_is_found_however_it_is_written() {
        let names: Vec<&str> = SERVICES
            .iter()
            .flat_map(|it| it.names.iter().copied())
            .collect();
        let distinct: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), distinct.len());
        assert!(SERVICES.len() >= 80, "{}", SERVICES.len());
        for (typed, name) in [
            (" S3 ", "s3"),
            ("Step Functions", "stepfunctions"),
            ("identity_center", "sso"),
        ] {
            assert_eq!(service(typed).map(Landing::name), Some(name));
        }
        assert_eq!(service("nothing"), None);
    }

    #[test]
    fn titles_are_in_order_and_pages_are_plain() {
        let plain = |text: &str| {
            text.bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"-/:".contains(&it))
        };
        for service in SERVICES {
            assert!(
                plain(service.path) && plain(service.fragment),
                "{service:?}"
            );
            assert!(!service.path.starts_with('/'), "{service:?}");
        }
        let key = |it: &Landing| it.title.to_lowercase();
        assert!(SERVICES.is_sorted_by_key(key));
    }
}
