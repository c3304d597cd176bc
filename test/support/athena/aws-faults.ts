import type { AthenaClient } from '@aws-sdk/client-athena';
import type { S3Client } from '@aws-sdk/client-s3';

/** One request of an operation, as it goes over the wire: sent again by the client, it is one more. */
export interface SentRequest {
  readonly operation: string;
  readonly body: unknown;
}

export interface LostAnswers {
  readonly sent: readonly SentRequest[];
}

type Loss = 'connection' | 'busy';

/** What a client meets when a connection breaks before the answer, and when S3 says 503 after all. */
const errorOf = (loss: Loss): Error =>
  loss === 'connection'
    ? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    : Object.assign(new Error('Please reduce your request rate.'), {
        name: 'SlowDown',
        $fault: 'server',
        $metadata: { httpStatusCode: 503 },
      });

/** The service does what it is asked, and the answers of the first `times` requests of the operation are lost on the way. */
export function loseAnswers(
  client: AthenaClient | S3Client,
  operation: string,
  options: { readonly times?: number; readonly loss?: Loss; readonly key?: string } = {},
): LostAnswers {
  const { times = 1, loss = 'connection', key = '' } = options;
  const sent: SentRequest[] = [];
  // the client's union has no common type of its middleware
  (client as AthenaClient).middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      const path =
        args.request && typeof args.request === 'object' && 'path' in args.request ? args.request.path : '';
      if (context.commandName !== `${operation}Command` || !String(path).includes(key)) {
        return answer;
      }
      const body =
        args.request && typeof args.request === 'object' && 'body' in args.request ? args.request.body : '';
      sent.push({ operation, body });
      if (sent.length <= times) {
        throw errorOf(loss);
      }
      return answer;
    },
    { step: 'deserialize', priority: 'high', name: `lose${operation}` },
  );
  return { sent };
}
