import { writeFile } from 'node:fs/promises';
import { type ExitCode, ExpectedError, exitCodes } from '../text/errors.ts';
import { safe } from '../text/safe-text.ts';
import { print } from './output.ts';

/** A runbook to start from: it loads without a warning, and says what each part is for. */
export const template = `---
gonogo: 1
title: Deploy a service
kind: deploy
summary: One sentence about what this runbook does.
# Asked before the run; commands see them as environment variables: service -> "$SERVICE".
inputs:
  service: { prompt: Service, pattern: '^[a-z0-9-]+$', example: checkout }
  version: { prompt: New version, example: v2.3.0 }
target:
  namespace: production
  workloads: ['deployment/\${service}']
---
# Deploy a service

## Before

- [ ] The change is reviewed and its tests pass
- [ ] Somebody who can roll back is reachable

1. See what runs now

   \`\`\`sh {capture=PREVIOUS_IMAGE}
   kubectl get deployment "$SERVICE" -n "$NAMESPACE" -o jsonpath='{.spec.template.spec.containers[0].image}'
   \`\`\`

## Deploy

1. Set the image

   \`\`\`sh {timeout=1m}
   kubectl set image "deployment/$SERVICE" "*=registry.example.com/$SERVICE:$VERSION" -n "$NAMESPACE"
   \`\`\`

   This is how it is undone; R runs it when something goes wrong:

   \`\`\`sh {undo}
   kubectl rollout undo "deployment/$SERVICE" -n "$NAMESPACE"
   \`\`\`

1. Wait for the rollout

   \`\`\`sh {timeout=5m expect="successfully rolled out"}
   kubectl rollout status "deployment/$SERVICE" -n "$NAMESPACE" --timeout=5m
   \`\`\`

1. Go or no-go

   \`\`\`decide
   Healthy, go on: next
   Roll back: rollback
   \`\`\`

## After

- [ ] The dashboard looks as before
- [ ] The ticket has the record of this run
`;

export const init = async (file: string): Promise<ExitCode> => {
  try {
    await writeFile(file, template, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new ExpectedError('this file is there already', {
        place: file,
        nextStep: 'Name another one: gonogo init deploy.md',
      });
    }
    const because = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ExpectedError(`it cannot be written (${because})`, {
      place: file,
      nextStep: 'Check the folder and its permissions',
      cause: error,
    });
  }
  print(safe`wrote ${file}; next: gonogo check ${file}, gonogo trust ${file}, gonogo run ${file}`);
  return exitCodes.done;
};
