import { Aws, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
