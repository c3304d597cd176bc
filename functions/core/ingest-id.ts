/** The id of an item of a request, as of a line of a file: what it came with, and its place in ten digits. */
export const requestItemId = (requestId: string, index: number): string =>
  `${requestId}:${String(index).padStart(10, '0')}`;
