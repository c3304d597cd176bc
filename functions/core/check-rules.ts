import { impossibleConditions } from './impossible-conditions.ts';
import { type LifecycleIssue, notOneText, repeatedIssues } from './lifecycle-issue.ts';
import type { EnterRule, Matcher, Stage } from './lifecycle-template.ts';

/** Calls that make identity edges and are no touchpoints of a stage. */
const identityCalls = ['identify', 'group', 'alias'];

type Path = readonly PropertyKey[];

/** What is wrong with the rules of a stage, above all: what could never fire. */
export function ruleIssues(stage: Stage, channels: readonly string[], path: Path): readonly LifecycleIssue[] {
  return [
    ...stage.enter.flatMap((rule, index) => enterIssues(rule, channels, [...path, 'enter', index])),
    ...(stage.leave ?? []).flatMap((rule, index) => matcherIssues(rule, channels, [...path, 'leave', index])),
  ];
}

function enterIssues(rule: EnterRule, channels: readonly string[], path: Path): readonly LifecycleIssue[] {
  return [
    ...matcherIssues(rule, channels, path),
    ...(rule.after ? matcherIssues(rule.after, channels, [...path, 'after']) : []),
    ...dayIssues(rule, path),
  ];
}

function matcherIssues(
  { event, channel, where }: Matcher,
  channels: readonly string[],
  path: Path,
): readonly LifecycleIssue[] {
  return [
    ...eventIssues(event, [...path, 'event']),
    ...repeatedIssues(channel ?? [], [...path, 'channel']),
    ...(channel ?? []).flatMap((name, index) =>
      channels.includes(name)
        ? []
        : [{ path: [...path, 'channel', index], message: notOneText('channel', name, channels) }],
    ),
    ...impossibleConditions(where ?? [], [...path, 'where']),
  ];
}

function eventIssues(events: readonly string[], path: Path): readonly LifecycleIssue[] {
  const issues = events.flatMap((event, index) => {
    if (identityCalls.includes(event)) {
      const message = `the rule can never fire on ${event}: it says who somebody is, and is no touchpoint`;
      return [{ path: [...path, index], message }];
    }
    return event === '*' && events.length > 1
      ? [{ path: [...path, index], message: '* is every event: leave the other names out' }]
      : [];
  });
  return [...repeatedIssues(events, path), ...issues];
}

/** A window of n × 24 h touches at most n + 1 local days (one more where a clock change shortens one: nobody means that). */
function dayIssues({ count, at_least, within_days }: EnterRule, path: Path): readonly LifecycleIssue[] {
  if (count !== 'days' || within_days === undefined || at_least <= within_days + 1) {
    return [];
  }
  const message = `the rule can never fire: ${within_days} × 24 hours touch at most ${within_days + 1} local days`;
  return [{ path: [...path, 'at_least'], message }];
}
