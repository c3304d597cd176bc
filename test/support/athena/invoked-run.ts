import { handler } from '../../../functions/handlers/entries/run.ts';

/** The Run function invoked once, as a process of its own: `node --import counted-calls.ts invoked-run.ts EVENT`. */
const [, , event = '{}'] = process.argv;
const outcome = await handler(JSON.parse(event), {
  functionName: 'run',
  functionVersion: '1',
  memoryLimitInMB: '4096',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:run',
  awsRequestId: 'request',
  getRemainingTimeInMillis: () => 900_000,
});
process.stdout.write(`${JSON.stringify(outcome)}\n`);
