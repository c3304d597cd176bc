import { refuseAbsentFunctions } from './absent-functions.ts';
import { notImitated } from './athena-refusal.ts';
import { planChangeOfRows } from './change-rows-statement.ts';
import { planCreateExternalTable } from './create-external-table.ts';
import { planCreateTableAs } from './create-table-as.ts';
import { planCreateDatabase, planDropDatabase, planShowDatabases } from './database-statements.ts';
import { planInsert } from './insert-statement.ts';
import { planAlterPartitions, planRepair } from './partition-statements.ts';
import type { StatementKind } from './statement-kind.ts';
import { runInTrino, type StatementPlan } from './statement-plan.ts';
import { planDescribe, planDropTable, planShowPartitions, planShowTables } from './table-listings.ts';
import { planAlterTable, planShowColumns, planShowProperties } from './table-statements.ts';
import { planUnload } from './unload-statement.ts';

interface Translation {
  /** Whether Trino's parser reads the statement, so that it can judge its syntax. */
  readonly isTrinos: boolean;
  readonly plan: (sql: string, isEnforced: boolean) => StatementPlan;
}

const asItStands: Translation = {
  isTrinos: true,
  plan: (sql) => (context, sink) => runInTrino(sql, context, sink),
};

function trinos(plan: Translation['plan']): Translation {
  return { isTrinos: true, plan };
}

function hives(plan: Translation['plan']): Translation {
  return { isTrinos: false, plan };
}

const translations: Readonly<Record<string, Translation>> = {
  SELECT: asItStands,
  CREATE_VIEW: asItStands,
  DROP_VIEW: asItStands,
  EXPLAIN: asItStands,
  INSERT: trinos(planInsert),
  DELETE: trinos(planChangeOfRows),
  UPDATE: trinos(planChangeOfRows),
  MERGE: trinos(planChangeOfRows),
  // Trino's parser would take its table properties, which only analysis judges
  CREATE_TABLE_AS_SELECT: trinos(planCreateTableAs),
  UNLOAD: hives(planUnload),
  CREATE_TABLE: hives(planCreateExternalTable),
  CREATE_DATABASE: hives(planCreateDatabase),
  DROP_DATABASE: hives(planDropDatabase),
  DROP_TABLE: hives(planDropTable),
  ALTER_TABLE_ADD_PARTITION: hives(planAlterPartitions),
  ALTER_TABLE_DROP_PARTITION: hives(planAlterPartitions),
  MSCK_REPAIR_TABLE: hives(planRepair),
  SHOW_DATABASES: hives(planShowDatabases),
  SHOW_TABLES: hives(planShowTables),
  SHOW_VIEWS: hives(planShowTables),
  SHOW_PARTITIONS: hives(planShowPartitions),
  DESCRIBE_TABLE: hives(planDescribe),
  ALTER_TABLE: hives(planAlterTable),
  SHOW_TBLPROPERTIES: hives(planShowProperties),
  SHOW_COLUMNS: hives(planShowColumns),
  SHOW_CREATE_VIEW: asItStands,
};

export interface PlannedStatement {
  readonly isTrinos: boolean;
  readonly run: StatementPlan;
}

/** How a statement of Athena's is run on the bed; what is not translated is refused before it runs. */
export function planStatement(sql: string, kind: StatementKind, isEnforced: boolean): PlannedStatement {
  const translation = translations[kind.substatement];
  if (translation === undefined) {
    throw notImitated(`the statement ${kind.substatement}`);
  }
  const plan = translation.plan(sql, isEnforced);
  return {
    isTrinos: translation.isTrinos,
    run: async (context, sink) => {
      refuseAbsentFunctions(sql);
      await plan(context, sink);
    },
  };
}
