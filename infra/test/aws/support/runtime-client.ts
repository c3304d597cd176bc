// A function of Lambda on this machine: AWS's own runtime client in a process of its own, and before it the Runtime API of which it
// asks for events, as https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html describes it.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';

const runtimeFolder = new URL('../../runtime/', import.meta.url);
const client = fileURLToPath(new URL('node_modules/aws-lambda-ric/index.mjs', runtimeFolder));
const nativeClient = fileURLToPath(new URL('native-client.mjs', runtimeFolder));

const runtimeApi = '/2018-06-01/runtime';

/** A function as it is deployed. */
export interface FunctionCode {
  readonly name: string;
  /** What Lambda unpacks to /var/task. */
  readonly folder: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Of the template, and the credentials of its role. */
  readonly environment: Readonly<Record<string, string>>;
  /** What Lambda unpacks to /opt. */
  readonly layer?: string | undefined;
}

/** What the client posts of an event: the answer, or what was thrown. */
export type Invoked =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'fault'; readonly type: string; readonly message: string };

interface Fault {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** A container of one function. It ends by `stop`. */
export class RuntimeClient {
  readonly #code: FunctionCode;
  readonly #server: Server;
  readonly #output: string[] = [];
  #process: ChildProcess | undefined;
  #waiting: ServerResponse | undefined;
  #asks: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #open = new Map<string, PromiseWithResolvers<Invoked>>();
  readonly #dead: PromiseWithResolvers<never> = Promise.withResolvers();

  private constructor(code: FunctionCode) {
    this.#code = code;
    this.#dead.promise.catch(() => undefined);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => this.#dead.reject(error));
    });
  }

  /** Rejects with what the client says, where it cannot load the handler. */
  static async start(code: FunctionCode): Promise<RuntimeClient> {
    const started = new RuntimeClient(code);
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    started.#spawn();
    try {
      await started.#ready();
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  async invoke(event: unknown, seconds = this.#code.timeoutSeconds): Promise<Invoked> {
    await this.#ready();
    const id = randomUUID();
    const ended = Promise.withResolvers<Invoked>();
    this.#open.set(id, ended);
    const response = this.#waiting;
    this.#waiting = undefined;
    this.#asks = Promise.withResolvers();
    response?.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + seconds * 1000),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:000000000000:function:${this.#code.name}`,
      'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0',
    });
    response?.end(JSON.stringify(event));
    return Promise.race([ended.promise, this.#dead.promise]);
  }

  get output(): string {
    return this.#output.join('');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #ready(): Promise<void> {
    return Promise.race([this.#asks.promise, this.#dead.promise]);
  }

  #spawn(): void {
    const { folder } = this.#code;
    // of the machine, a function sees nothing but what Lambda gives it
    const child = spawn(process.execPath, ['--import', pathToFileURL(nativeClient).href, client], {
      cwd: folder,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => this.#output.push(chunk));
    }
    child.on('close', (code, signal) => {
      this.#dead.reject(new Error(`the runtime client ended with ${signal ?? code}:\n${this.output}`));
    });
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
  #environment(): NodeJS.ProcessEnv {
    const { folder, handler, name, memoryMegabytes, environment, layer } = this.#code;
    const { port } = this.#server.address() as AddressInfo;
    return {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef',
      ...(layer !== undefined && {
        NODE_PATH: `${layer}/nodejs/node24/node_modules:${layer}/nodejs/node_modules`,
      }),
      ...environment,
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET' && url === `${runtimeApi}/invocation/next`) {
      this.#waiting = response;
      this.#asks.resolve();
      return;
    }
    const { id = '', what } =
      /^\/2018-06-01\/runtime\/(?:invocation\/(?<id>[^/]+)|init)\/(?<what>response|error)$/.exec(url)
        ?.groups ?? {};
    const open = this.#open.get(id);
    if (method !== 'POST' || (id !== '' && !open)) {
      response.writeHead(404).end(await text(request));
      return;
    }
    const posted = await json(request);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    if (what === 'response') {
      open?.resolve({ kind: 'answer', answer: posted });
      return;
    }
    const { errorType: type, errorMessage: message } = posted as Fault;
    open?.resolve({ kind: 'fault', type, message });
    if (id === '') {
      this.#dead.reject(new Error(`init error ${type}: ${message}`));
    }
  }
}
