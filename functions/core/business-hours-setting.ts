import { z } from 'zod';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** Minutes after midnight of a local time such as 09:30. */
export function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

const clock = String.raw`([01]\d|2[0-3]):[0-5]\d`;

const Hours = z
  .string()
  .regex(new RegExp(`^(closed|${clock}-(${clock}|24:00))$`), {
    error: (issue) => `"${String(issue.input)}" is neither closed nor hours such as 09:00-18:00`,
  })
  .refine((text) => text === 'closed' || minuteOf(text.slice(0, 5)) < minuteOf(text.slice(6)), {
    error: 'hours end after they begin, at 24:00 at the latest',
  });

/** When people work, in the reporting time zone: what counts as business time of answers and service levels. */
export const BusinessHours = z.strictObject({
  monday: Hours.default('09:00-18:00'),
  tuesday: Hours.default('09:00-18:00'),
  wednesday: Hours.default('09:00-18:00'),
  thursday: Hours.default('09:00-18:00'),
  friday: Hours.default('09:00-18:00'),
  saturday: Hours.default('closed'),
  sunday: Hours.default('closed'),
  /** On the eve of a feast and on 28 October. */
  half_day_until: z
    .string()
    .regex(new RegExp(`^${clock}$`), { error: 'say a local time such as 13:00' })
    .default('13:00'),
  public_holidays: z.enum(['turkiye', 'none']).default('turkiye'),
  /** Days of one's own on which nobody works. */
  closed_on: z.array(z.iso.date()).default([]),
});
export type BusinessHours = z.infer<typeof BusinessHours>;
