import { fileURLToPath } from 'node:url';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { writeCollected } from '../../../../functions/core/collected-request.ts';
import { shimFolder } from '../../../../test/support/runbook-shims.ts';
import { follow, readRunbooks, type ShellPlan, type Step } from '../../../../test/support/runbooks.ts';
import { pythonWith } from '../../support/python-tool.ts';
import type { Installation } from './installation.ts';
import type { Parts } from './proof.ts';
import { type SentOrder, segmentItem } from './sent.ts';

const requirements = fileURLToPath(new URL('requirements-aws-cli.txt', import.meta.url));

/** Where commands of the page are typed: `aws` is the command line as it is published, everything else what the machine has. */
export async function shellOf({ aws }: Installation, folder: string): Promise<ShellPlan> {
  // biome-ignore lint/style/noProcessEnv: where commands are found, and pip needs the whole of it
  const environment = process.env;
  const python = await pythonWith('aws-cli', requirements, environment);
  const commands = await shimFolder(folder, { aws: [python, '-m', 'awscli'] });
  return {
    folder,
    environment: {
      PATH: `${commands}:${environment.PATH ?? ''}`,
      HOME: folder,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: aws.region,
      AWS_DEFAULT_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  };
}

/** As if the request of an order had come five times. */
export async function makeDeadLetter(installation: Installation, order: SentOrder): Promise<void> {
  const body = writeCollected({
    requestId: '01M89CJAJ96HKEM81MZQ7WCKPQ',
    source: 'segment',
    receivedAt: new Date(),
    items: [JSON.stringify(segmentItem(order))],
  });
  await new SQSClient({ ...installation.aws, useQueueUrlAsEndpoint: false }).send(
    new SendMessageCommand({
      QueueUrl: installation.one('AWS::SQS::Queue', 'LandingDeadLetters'),
      MessageBody: body,
    }),
  );
}

const deployed: readonly Step[] = readRunbooks().filter(({ place }) => place === 'deployed');
const isOfRemoval = ({ section }: Step): boolean => section === 'Removing';

/** Everything but the removal. An object of the lake is lost before the last step, which brings it back. */
export async function followAll(plan: ShellPlan, installation: Installation, { lake }: Parts): Promise<void> {
  const steps = deployed.filter((step) => !isOfRemoval(step));
  const [lost = ''] = await installation.keys(lake, 'lake/raw/');
  const losing: Step = {
    section: 'the test',
    place: 'deployed',
    commands: 'aws s3 rm "$LAKE/$LOST" --only-show-errors; aws s3 ls "$LAKE/$LOST" || echo gone',
    expected: 'gone',
  };
  const environment = { ...plan.environment, LOST: lost };
  await follow([...steps.slice(0, -1), losing, ...steps.slice(-1)], { ...plan, environment });
}

/** What is done before the stacks are destroyed, and what after that. */
export const removal = {
  note: (plan: ShellPlan): Promise<void> => follow(deployed.filter(isOfRemoval).slice(0, 1), plan),
  remove: (plan: ShellPlan): Promise<void> => follow(deployed.filter(isOfRemoval).slice(1), plan),
} as const;
