import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { DeployConfiguration } from '../configuration.ts';
import { Watch } from '../constructs/watch.ts';
import { namedQueries } from '../named-queries.ts';
import type { StatefulStack } from './stateful.ts';
import type { StatelessStack } from './stateless.ts';

export interface OperationsStackProps extends StackProps {
  readonly configuration: DeployConfiguration;
  readonly stateful: StatefulStack;
  readonly stateless: StatelessStack;
}

/** What an operator is told and looks at. Nothing else needs it. */
export class OperationsStack extends Stack {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { configuration, stateful, stateless } = props;
    // named queries say the names of the catalogue, not their resources
    this.addStackDependency(stateful);
    this.topic = this.#topic(configuration);
    new Watch(this, 'Watch', {
      configuration,
      topic: this.topic,
      landing: stateless.landing,
      collector: stateless.collector,
      runs: stateless.runs,
    });
    this.#budget(configuration);
    for (const { name, description, sql } of namedQueries()) {
      new CfnNamedQuery(this, `Query ${name}`, {
        name: `${configuration.name}: ${name}`,
        description,
        database: stateful.databaseName,
        workGroup: stateful.workgroupName,
        queryString: sql,
      });
    }
    new CfnOutput(this, 'AlarmTopic', { value: this.topic.topicArn });
  }

  #topic({ alarms, name }: DeployConfiguration): Topic {
    const topic = new Topic(this, 'Alarms', { displayName: `Dongu ${name}`, enforceSSL: true });
    // a policy of the topic's own takes the place of the usual one, by which alarms could publish
    this.#letPublish(topic, 'budgets', `:${this.account}:*`);
    this.#letPublish(topic, 'cloudwatch', `${this.region}:${this.account}:alarm:*`);
    for (const email of alarms.emails) {
      topic.addSubscription(new EmailSubscription(email));
    }
    return topic;
  }

  /** A service on behalf of this account: of its things, those whose ARN ends so. */
  #letPublish(topic: Topic, service: 'budgets' | 'cloudwatch', things: string): void {
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: `${service}OfThisAccount`,
        principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.account },
          ArnLike: { 'aws:SourceArn': `arn:${this.partition}:${service}:${things}` },
        },
      }),
    );
  }

  /** Of the account, for a new tag counts only after somebody has switched it on for costs. */
  #budget({ name, alarms }: DeployConfiguration): void {
    const told = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        thresholdType: 'PERCENTAGE',
        threshold,
      },
      subscribers: [{ subscriptionType: 'SNS', address: this.topic.topicArn }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${name}-${this.region}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: alarms.month_dollars, unit: 'USD' },
      },
      notificationsWithSubscribers: [told('ACTUAL', 80), told('FORECASTED', 100)],
    });
  }
}
