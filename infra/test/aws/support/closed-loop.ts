import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { HttpAnswer } from '../../../../functions/handlers/http-event.ts';
import type { AssemblyStack } from './assembly.ts';
import { publishedTiles } from './found.ts';
import { functionCode } from './function-code.ts';
import type { Installation } from './installation.ts';
import type { Parts } from './proof.ts';
import { type FunctionCode, type Invoked, RuntimeClient } from './runtime-client.ts';
import { type SentOrder, segmentItem, touchpointsFile, writeKeyList } from './sent.ts';
import { httpApiEvent, objectCreated, queueEvent } from './true-events.ts';

export type FunctionName = keyof Parts['functions'];

const SECRET = 'dongu_server_of-the-runtime-client';

/** A place of its own in the deployed buckets, of which no rule tells the deployed functions. */
const place = 'closed-loop';

/** The deployed bundles, each under AWS's own runtime client, over a lake of their own. Nothing of the emulator's Lambda has a part in it. */
export class ClosedLoop {
  readonly #parts: Parts;
  readonly #installation: Installation;
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #clients: Readonly<Record<FunctionName, RuntimeClient>>;

  private constructor(
    installation: Installation,
    parts: Parts,
    sqs: SQSClient,
    queueUrl: string,
    clients: Readonly<Record<FunctionName, RuntimeClient>>,
  ) {
    this.#installation = installation;
    this.#parts = parts;
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
    this.#clients = clients;
  }

  /** Starts all of them; each has then loaded its bundle and asks for an event. */
  static async open(
    installation: Installation,
    parts: Parts,
    from: { readonly assembly: string; readonly stacks: readonly AssemblyStack[] },
  ): Promise<ClosedLoop> {
    const sqs = new SQSClient({ ...installation.aws, useQueueUrlAsEndpoint: false });
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: place }));
    await installation.put(parts.lake, `${place}/keys/write-keys.yml`, writeKeyList(SECRET));
    const names = Object.keys(parts.functions) as FunctionName[];
    const started = await Promise.all(
      names.map(async (name) => {
        const code = await functionCode(installation, parts.functions[name], from);
        return [name, await RuntimeClient.start(elsewhere(code, QueueUrl))] as const;
      }),
    );
    const clients = Object.fromEntries(started) as Record<FunctionName, RuntimeClient>;
    return new ClosedLoop(installation, parts, sqs, QueueUrl, clients);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#clients).map((client) => client.stop()));
  }

  /** What functions have written to their log. */
  get output(): string {
    return Object.entries(this.#clients)
      .map(([name, { output }]) => `${name}:\n${output}`)
      .join('\n');
  }

  /** Answers what the sender is answered. */
  async collect(orders: readonly SentOrder[]): Promise<HttpAnswer> {
    const answer = await this.#answer(
      'collect',
      httpApiEvent('POST', '/v1/batch', {
        headers: {
          authorization: `Basic ${Buffer.from(`${SECRET}:`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ batch: orders.map(segmentItem), sentAt: new Date().toISOString() }),
      }),
    );
    return answer as HttpAnswer;
  }

  /** What the collector has put into the queue, as an event source gives it. */
  async queued(): Promise<object> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.#queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) throw new Error('the collector has put nothing into the queue');
    return queueEvent(
      this.#arnOf(place),
      Messages.map(({ Body = '' }) => Body),
    );
  }

  /** With so many seconds until the function is stopped; or as many as it has. */
  land(queued: object, seconds?: number): Promise<unknown> {
    return this.#answer('land', queued, seconds);
  }

  async import(orders: readonly SentOrder[]): Promise<unknown> {
    const { lake } = this.#parts;
    const [key, text] = [`${place}/inbox/touchpoints/orders.csv`, touchpointsFile(orders)];
    await this.#installation.put(lake, key, text);
    const event = JSON.stringify(objectCreated(lake, key, Buffer.byteLength(text)));
    return this.#answer('import', queueEvent(this.#arnOf('inbox'), [event]));
  }

  compact(): Promise<unknown> {
    return this.#answer('compact', { execution: place });
  }

  /** As the state machine gives a schedule's order to it. */
  run(asOf: Date): Promise<unknown> {
    return this.#answer('run', { scheduledAt: asOf.toISOString(), engine: 'duckdb', execution: place });
  }

  /** Of the page that the run has published. */
  async tiles(names: readonly string[]): Promise<Readonly<Record<string, number | undefined>>> {
    const { tiles } = await publishedTiles(this.#installation, this.#parts.dashboards, `${place}/`);
    return Object.fromEntries(names.map((name) => [name, tiles.get(name)]));
  }

  async #answer(name: FunctionName, event: object, seconds?: number): Promise<unknown> {
    return answerOf(await this.#clients[name].invoke(event, seconds), () => this.output);
  }

  #arnOf(queue: string): string {
    return `arn:aws:sqs:${this.#installation.aws.region}:000000000000:${queue}`;
  }
}

function answerOf(invoked: Invoked, log: () => string): unknown {
  if (invoked.kind === 'fault') throw new Error(`${invoked.type}: ${invoked.message}\n${log()}`);
  return invoked.answer;
}

/** Buckets stay those of the deployment, folders in them are others. */
function elsewhere(code: FunctionCode, queueUrl: string): FunctionCode {
  const moved = Object.entries(code.environment).map(([name, value]) => [
    name,
    value.startsWith('s3://') ? `${value.replace(/\/$/, '')}/${place}` : value,
  ]);
  const environment = Object.fromEntries(moved) as Record<string, string>;
  const hasQueue = 'DONGU_QUEUE_URL' in environment;
  return { ...code, environment: { ...environment, ...(hasQueue && { DONGU_QUEUE_URL: queueUrl }) } };
}
