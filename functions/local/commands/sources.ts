import { listSources, loadSource } from '../../adapters/project-files.ts';
import { tableText } from '../print-table.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function sourcesCommand(options: GlobalOptions, name: string | undefined): Promise<void> {
  await withHome(options, async (home) => {
    if (name !== undefined) {
      const { definition } = await loadSource(name, home.projectFolder);
      const rows = Object.entries(definition.columns).map(([column, about]) => ({
        column,
        required: about.required ? 'yes' : '',
        example: about.example === undefined ? '' : String(about.example),
        description: about.description,
      }));
      process.stdout.write(`${definition.source} (${definition.format}): ${definition.description}\n\n`);
      process.stdout.write(`${tableText(['column', 'required', 'example', 'description'], rows)}\n`);
      return;
    }
    const rows = await Promise.all(
      (await listSources(home.projectFolder)).map(async (source) => {
        const { definition } = await loadSource(source, home.projectFolder);
        return { source, format: definition.format, description: definition.description };
      }),
    );
    process.stdout.write(`${tableText(['source', 'format', 'description'], rows)}\n`);
  });
}
