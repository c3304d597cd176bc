// Every colour of the pages, measured for contrast and for colour-blind distance (design, "Palette").
export interface Palette {
  readonly good: string;
  readonly bad: string;
  readonly neutral: string;
  readonly resurrected: string;
  readonly caution: string;
  readonly ink: string;
  readonly muted: string;
  readonly page: string;
  readonly card: string;
  readonly line: string;
  readonly grid: string;
  /** Stages in order, cool to warm. */
  readonly stages: readonly [string, string, string, string, string, string];
  readonly sequence: readonly [string, string, string, string, string];
  /** Ink on each step of the sequence. */
  readonly onSequence: readonly [string, string, string, string, string];
}

export const light: Palette = {
  good: '#0b6bcb',
  bad: '#b8400a',
  neutral: '#6b7a94',
  resurrected: '#0f8577',
  caution: '#c77d00',
  ink: '#16202e',
  muted: '#55627a',
  page: '#f5f6f9',
  card: '#ffffff',
  line: '#e1e6ee',
  grid: '#e6eaf1',
  stages: ['#3c4dc7', '#409ec7', '#0b7e5c', '#b28d21', '#a73a01', '#6c355c'],
  sequence: ['#e3ecf8', '#bcd3f0', '#7fabe0', '#2f72bf', '#0d3f80'],
  onSequence: ['#16202e', '#16202e', '#06090f', '#ffffff', '#ffffff'],
};

export const dark: Palette = {
  good: '#62aef7',
  bad: '#ff8a5c',
  neutral: '#7f8da5',
  resurrected: '#3fc2b4',
  caution: '#c77d00',
  ink: '#e8edf5',
  muted: '#a2aec2',
  page: '#0c111a',
  card: '#131a26',
  line: '#232d3d',
  grid: '#243044',
  stages: ['#7a91fa', '#86ddf7', '#3b8c6e', '#fdad60', '#ce5d05', '#976897'],
  sequence: ['#1c2a3f', '#224372', '#3f7fc9', '#7db4ee', '#cfe4fb'],
  onSequence: ['#e8edf5', '#e8edf5', '#06090f', '#06090f', '#06090f'],
};
