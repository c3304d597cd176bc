import { parseArgs } from 'node:util';
import { startFacade } from './facade.ts';

/** The facade as a process: `node test/support/athena-facade/main.ts --trino URL --aws URL --port N`. */
const { values } = parseArgs({
  options: {
    trino: { type: 'string' },
    aws: { type: 'string' },
    port: { type: 'string', default: '0' },
  },
});
if (values.trino === undefined || values.aws === undefined) {
  throw new Error('Say where Trino and the AWS emulator are: --trino URL --aws URL [--port N]');
}
const facade = await startFacade({
  trinoUrl: values.trino,
  awsEndpoint: values.aws,
  port: Number(values.port),
});
console.log(`Athena facade at ${facade.endpoint}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    facade.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
