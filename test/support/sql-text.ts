export interface SqlScan {
  /** Each select in brackets, what stands in brackets inside it left out. */
  readonly subqueries: readonly string[];
  /** `select *` from a relation that is not an earlier step of the same text. */
  readonly starredImports: readonly string[];
}

interface Bracket {
  readonly start: number;
  readonly end: number;
}

function brackets(sql: string): readonly Bracket[] {
  const open: number[] = [];
  const found: Bracket[] = [];
  for (const { 0: sign, index } of sql.matchAll(/[()]/g)) {
    if (sign === '(') {
      open.push(index);
    } else {
      const start = open.pop();
      if (start !== undefined) {
        found.push({ start, end: index });
      }
    }
  }
  return found;
}

/** The text between, with everything in brackets cut out. */
function ownText(sql: string, { start, end }: Bracket): string {
  let text = sql.slice(start + 1, end);
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\([^()]*\)/g, ' ');
  }
  return text.trim();
}

/** Reads SQL whose comments and literals are stripped. */
export function scanSql(sql: string): SqlScan {
  const all = brackets(sql);
  const bodies = [...all, { start: -1, end: sql.length }];
  const subqueries = all
    .map((bracket) => ownText(sql, bracket))
    .filter((text) => /^(select|with)\b/.test(text));
  const steps = [...sql.matchAll(/\b(\w+)\s+as\s+\(\s*(?:select|with)\b/g)].map(
    ({ 0: text, 1: name = '', index }) => {
      const start = index + text.indexOf('(');
      return { name, end: all.find((bracket) => bracket.start === start)?.end ?? sql.length };
    },
  );
  const starredImports = bodies.flatMap((body) => {
    const starred = /^select\s+\*[^;]*?\bfrom\s+([\w.]+)|\bselect\s+\*[^;]*?\bfrom\s+([\w.]+)/.exec(
      ownText(sql, body),
    );
    const relation = starred?.[1] ?? starred?.[2];
    // a step is known by its name only after it ends, so one that hides its own source still reads that source
    const isStep = steps.some(({ name, end }) => name === relation && end < body.end);
    return relation === undefined || isStep ? [] : [`select * from ${relation}`];
  });
  return { subqueries, starredImports };
}
