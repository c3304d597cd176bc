// Sends with Segment's own SDK: node segment-node.mjs HOST KEY COUNT PREFIX. Tells what was acknowledged, as JSON.
import { Analytics } from '@segment/analytics-node';

const [host, writeKey, count, prefix] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 50, flushInterval: 200, maxRetries: 20 });
const failed = [];
analytics.on('error', ({ reason }) => failed.push(String(reason)));

const acknowledged = [];
for (let number = 0; number < Number(count); number += 1) {
  const messageId = `${prefix}-${number}`;
  analytics.track(
    {
      messageId,
      userId: `${prefix}-customer-${number % 7}`,
      event: 'Product Added',
      properties: { product_id: `P-${number}`, note: 'İndirim “%20” \u2028 😀' },
    },
    (error) => {
      if (!error) {
        acknowledged.push(messageId);
      }
    },
  );
}
analytics.identify({
  messageId: `${prefix}-identify`,
  userId: `${prefix}-customer-0`,
  traits: { email: `${prefix}@example.com` },
});
analytics.page({ messageId: `${prefix}-page`, userId: `${prefix}-customer-0`, name: 'Home' });
analytics.screen({ messageId: `${prefix}-screen`, userId: `${prefix}-customer-0`, name: 'Home' });
analytics.group({ messageId: `${prefix}-group`, userId: `${prefix}-customer-0`, groupId: 'G-1' });
analytics.alias({
  messageId: `${prefix}-alias`,
  userId: `${prefix}-customer-0`,
  previousId: `${prefix}-anonymous`,
});
await analytics.closeAndFlush({ timeout: 60_000 });
process.stdout.write(JSON.stringify({ acknowledged, failed }));
