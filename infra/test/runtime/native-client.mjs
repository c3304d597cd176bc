// Loaded before AWS's runtime client: gives it native-client.cjs where its native part was not built.
import { registerHooks } from 'node:module';

const standIn = new URL('native-client.cjs', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== './rapid-client.node') {
      return next(specifier, context);
    }
    try {
      return next(specifier, context);
    } catch {
      return { url: standIn, format: 'commonjs', shortCircuit: true };
    }
  },
});
