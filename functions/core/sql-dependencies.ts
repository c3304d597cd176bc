// Which relations a select reads, from DuckDB's serialised syntax tree. A CTE name is visible only after its
// definition and in its own body only if it is recursive; a name with a schema is never a CTE.

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface CteEntry {
  readonly key: string;
  readonly value: Node;
}

function cteEntries(node: Node): readonly CteEntry[] {
  const map = node.cte_map;
  const entries = isNode(map) && Array.isArray(map.map) ? map.map : [];
  return entries
    .filter(isNode)
    .map((entry) => ({ key: String(entry.key), value: isNode(entry.value) ? entry.value : {} }));
}

function isRecursive(definition: Node): boolean {
  return JSON.stringify(definition).includes('"RECURSIVE_CTE_NODE"');
}

function walk(value: unknown, visible: ReadonlySet<string>, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      walk(item, visible, found);
    }
    return;
  }
  if (!isNode(value)) {
    return;
  }
  if (value.type === 'BASE_TABLE') {
    const name = String(value.table_name).toLowerCase();
    const isQualified = typeof value.schema_name === 'string' && value.schema_name !== '';
    if (isQualified || !visible.has(name)) {
      found.add(name);
    }
  }
  const scope = new Set(visible);
  for (const { key, value: definition } of cteEntries(value)) {
    const own = isRecursive(definition) ? new Set([...scope, key.toLowerCase()]) : scope;
    walk(definition, own, found);
    scope.add(key.toLowerCase());
  }
  for (const [key, child] of Object.entries(value)) {
    if (key !== 'cte_map') {
      walk(child, scope, found);
    }
  }
}

/** Names in byte order, each once. */
export function readDependencies(serialised: unknown): readonly string[] {
  const found = new Set<string>();
  walk(serialised, new Set(), found);
  return [...found].sort();
}
