import { invalidRequest } from './athena-refusal.ts';
import type { Json } from './aws-json-server.ts';

/** Reading the fields of a request; what has the wrong type is refused as Athena's validation does. */

export function textField(input: Json, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw invalidRequest(`${name} must be a string`);
  }
  return value;
}

export function requiredText(input: Json, name: string): string {
  const value = textField(input, name);
  if (value === undefined || value === '') {
    throw invalidRequest(`${name} is required`);
  }
  return value;
}

export function numberField(input: Json, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'number') {
    throw invalidRequest(`${name} must be a number`);
  }
  return value;
}

export function booleanField(input: Json, name: string): boolean | undefined {
  const value = input[name];
  return typeof value === 'boolean' ? value : undefined;
}

export function objectField(input: Json, name: string): Json {
  const value = input[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function textsField(input: Json, name: string): readonly string[] {
  const value = input[name];
  return Array.isArray(value) ? value.map(String) : [];
}
