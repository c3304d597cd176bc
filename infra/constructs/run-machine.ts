// The states through which an ordered run goes, in Amazon States Language: small enough to be read as it is deployed.

export interface RunMachineParts {
  /** ARNs of functions, with `$LATEST` or without a qualifier. */
  readonly compact: string;
  readonly run: string;
}

/** Longer than any run that anybody waits for: a schedule of each day must not meet its own last run. */
const HOURS = 12;
/** A function lives for 15 minutes; what is silent for longer is lost. */
const INVOCATION_SECONDS = 16 * 60;

/** Of AWS, not of ours. */
const passing = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

export function runMachine({ compact, run }: RunMachineParts): object {
  const invoke = 'arn:aws:states:::lambda:invoke';
  const retry = { ErrorEquals: passing, IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 5 };
  return {
    Comment:
      'Merges what was collected, then builds, audits and publishes; a run on Athena in as many invocations as it needs.',
    StartAt: 'Begin',
    TimeoutSeconds: HOURS * 3600,
    States: {
      // whoever asks again under one execution is the same run: a dead try of its own holds no lease against it
      Begin: {
        Type: 'Pass',
        Parameters: { 'order.$': '$', own: { 'execution.$': '$$.Execution.Name' } },
        Next: 'Compact',
      },
      Compact: {
        Type: 'Task',
        Resource: invoke,
        Parameters: { FunctionName: compact, 'Payload.$': '$.own' },
        ResultPath: null,
        TimeoutSeconds: INVOCATION_SECONDS,
        Retry: [retry],
        // a run reads the same without it, only more slowly; the function's own alarm tells
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Run' }],
        Next: 'Run',
      },
      Run: {
        Type: 'Task',
        Resource: invoke,
        Parameters: { FunctionName: run, 'Payload.$': 'States.JsonMerge($.order, $.own, false)' },
        ResultSelector: { 'outcome.$': '$.Payload' },
        ResultPath: '$.result',
        TimeoutSeconds: INVOCATION_SECONDS,
        Retry: [
          retry,
          // longer than the lease of a run that was killed
          { ErrorEquals: ['BusyError'], IntervalSeconds: 300, BackoffRate: 1, MaxAttempts: 3 },
          // killed in its midst; once, because what does not fit into a function never will
          {
            ErrorEquals: ['Sandbox.Timedout', 'Lambda.Unknown', 'States.Timeout'],
            IntervalSeconds: 10,
            MaxAttempts: 1,
          },
        ],
        Next: 'IsFinished',
      },
      IsFinished: {
        Type: 'Choice',
        Choices: [{ Variable: '$.result.outcome.state', StringEquals: 'unfinished', Next: 'GoOn' }],
        Default: 'Done',
      },
      GoOn: {
        Type: 'Pass',
        Parameters: {
          'order.$': '$.order',
          own: { 'execution.$': '$.own.execution', 'runId.$': '$.result.outcome.runId' },
        },
        Next: 'Run',
      },
      Done: { Type: 'Succeed', OutputPath: '$.result.outcome' },
    },
  };
}
