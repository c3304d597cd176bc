import { ConfigurationError } from './errors.ts';
import { type LifecycleTemplate, LifecycleTemplate as Template } from './lifecycle-template.ts';
import { readYaml } from './read-yaml.ts';

export function readLifecycleTemplate(text: string, file: string): LifecycleTemplate {
  return readYaml(text, file, Template, (message, hint) => new ConfigurationError(message, hint));
}
