/** What Glue stores for the words of STORED AS. */
export interface StorageFormat {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: string;
}

const textOutput = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';
const textInput = 'org.apache.hadoop.mapred.TextInputFormat';

export const textFormat: StorageFormat = {
  inputFormat: textInput,
  outputFormat: textOutput,
  serde: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
};

export const storageFormats: Readonly<Record<string, StorageFormat>> = {
  textfile: textFormat,
  json: { ...textFormat, serde: 'org.openx.data.jsonserde.JsonSerDe' },
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
  orc: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
  },
  avro: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
    serde: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
  },
};
