// What the rules of docs/supply-chain.md say of a package.json and its lock file: each answers what breaks it.

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

export interface Lock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage & Manifest>>;
}

const kinds = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
] as const;

/** Neither a range, nor a tag, nor another place than the registry. */
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

export const inexact = (manifest: Manifest): readonly string[] =>
  kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${name}: ${version}`),
  );

/** Where the lock file says something else than the package.json beside it. */
export function disagreements(manifest: Manifest, { packages }: Lock): readonly string[] {
  return kinds.flatMap((kind) => {
    const [wanted, locked] = [manifest[kind] ?? {}, packages['']?.[kind] ?? {}];
    const names = new Set([...Object.keys(wanted), ...Object.keys(locked)]);
    const differs = (name: string): boolean => {
      const installed = packages[`node_modules/${name}`]?.version;
      return wanted[name] !== locked[name] || (kind !== 'overrides' && installed !== wanted[name]);
    };
    return [...names].filter(differs).map((name) => `${kind}: ${name}`);
  });
}

/** Packages whose content is not pinned by a hash, or that come from elsewhere than a registry. */
export const unpinned = ({ packages }: Lock): readonly string[] =>
  Object.entries(packages)
    .filter(([path]) => path !== '')
    .filter(([, { integrity = '', resolved = 'https://', link = false, inBundle = false }]) => {
      const isHashed = inBundle || integrity.startsWith('sha512-');
      return !isHashed || link || !resolved.startsWith('https://');
    })
    .map(([path]) => path);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Packages that bring scripts for their installation. */
export const withScripts = ({ packages }: Lock): readonly string[] =>
  Object.entries(packages)
    .filter(([, { hasInstallScript = false }]) => hasInstallScript)
    .map(([path]) => nameOf(path));

/** Packages with scripts of which nobody has said whether they may run; and names of which there is no such package. */
export function undecided({ allowScripts = {} }: Manifest, lock: Lock): readonly string[] {
  const [named, scripted] = [Object.keys(allowScripts), withScripts(lock)];
  return [
    ...scripted.filter((name) => !named.includes(name)),
    ...named.filter((name) => !scripted.includes(name)),
  ];
}

/** Of what is used at run time, on whatever machine: `name@version`. */
export const atRunTime = ({ packages }: Lock): readonly string[] =>
  Object.entries(packages)
    .filter(([path, { dev = false }]) => path !== '' && !dev)
    .map(([path, { version }]) => `${nameOf(path)}@${version}`);

/** Commands that would install what no lock file says. */
export const loosePatterns: readonly RegExp[] = [
  /\bnpm (i|install|add|update|up)(?![\w-])(?! --package-lock-only)/,
  /\bnpx (-y|--yes)\b/,
  /\bpip3? install(?!.*--require-hashes)/,
  /\bcurl [^\n|]*\|\s*(ba)?sh\b/,
];
