export const manifestKey = 'runs/manifest.json';

/** The token in the manifest of the published run: no run of a smaller one takes its place. Zero where there is none. */
export function fenceOf(manifest: string | undefined): number {
  try {
    const { fence } = JSON.parse(manifest ?? '{}') as { readonly fence?: unknown };
    return typeof fence === 'number' ? fence : 0;
  } catch {
    return 0;
  }
}
