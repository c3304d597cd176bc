// Sends with Segment's own SDK what it reads as JSON lines on standard input: node segment-orders.mjs HOST KEY. Tells what was acknowledged.
import { text } from 'node:stream/consumers';
import { Analytics } from '@segment/analytics-node';

const [host, writeKey] = process.argv.slice(2);
const messages = (await text(process.stdin))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const analytics = new Analytics({ writeKey, host, flushAt: 40, flushInterval: 200, maxRetries: 5 });
const failed = [];
analytics.on('error', ({ reason }) => failed.push(String(reason)));

const acknowledged = [];
for (const { timestamp, ...message } of messages) {
  analytics.track({ ...message, timestamp: new Date(timestamp) }, (error) => {
    if (!error) {
      acknowledged.push(message.messageId);
    }
  });
}
await analytics.closeAndFlush({ timeout: 60_000 });
process.stdout.write(JSON.stringify({ acknowledged, failed }));
