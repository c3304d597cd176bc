import { ModelError } from './errors.ts';
import { unknownNameText } from './nearest-name.ts';

export interface GraphNode {
  readonly name: string;
  readonly file: string;
  readonly dependsOn: readonly string[];
}

/** Models in an order in which each comes after what it reads; among free ones by name, so that the order never changes. */
export function buildOrder(nodes: readonly GraphNode[], inputs: readonly string[]): readonly string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const known = [...byName.keys(), ...inputs];
  const done = new Set(inputs);
  const order: string[] = [];
  const path: string[] = [];
  const visit = (node: GraphNode): void => {
    if (done.has(node.name)) {
      return;
    }
    if (path.includes(node.name)) {
      const circle = [...path.slice(path.indexOf(node.name)), node.name].join(' → ');
      throw new ModelError(
        `${node.file}: models read each other in a circle: ${circle}`,
        'Take one of these reads out.',
      );
    }
    path.push(node.name);
    for (const name of [...node.dependsOn].sort()) {
      const next = byName.get(name);
      if (!next && !done.has(name)) {
        throw new ModelError(
          `${node.file}: reads ${unknownNameText(name, known)}`,
          'Correct the name, or add the model.',
        );
      }
      if (next) {
        visit(next);
      }
    }
    path.pop();
    done.add(node.name);
    order.push(node.name);
  };
  for (const node of [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    visit(node);
  }
  return order;
}

/** `orders` alone, `orders+` with what reads it, `+orders` with what it reads, `+orders+` both. */
export function selectModels(pattern: string, nodes: readonly GraphNode[]): ReadonlySet<string> {
  const name = pattern.replaceAll('+', '');
  const byName = new Map(nodes.map((node) => [node.name, node]));
  if (!byName.has(name)) {
    throw new ModelError(`--select: ${unknownNameText(name, [...byName.keys()])}`, 'Name a model of sql/.');
  }
  const selected = new Set([name]);
  const spread = (next: (current: string) => readonly string[]): void => {
    const queue = [name];
    for (let current = queue.pop(); current !== undefined; current = queue.pop()) {
      for (const other of next(current)) {
        if (byName.has(other) && !selected.has(other)) {
          selected.add(other);
          queue.push(other);
        }
      }
    }
  };
  if (pattern.startsWith('+')) {
    spread((current) => byName.get(current)?.dependsOn ?? []);
  }
  if (pattern.endsWith('+')) {
    spread((current) => nodes.filter((node) => node.dependsOn.includes(current)).map((node) => node.name));
  }
  return selected;
}
