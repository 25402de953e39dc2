import { z } from 'zod';

/** Kubeconfig files as `kubectl` reads them: `k8s.io/client-go/tools/clientcmd/api/v1`. Unknown keys are left alone. */
const text = z.string();
const optional = text.nullish().transform((value) => (value === '' ? null : (value ?? null)));
const flag = z.boolean().nullish();

const execShape = z.object({
  apiVersion: text,
  command: text.min(1),
  args: z.array(text).nullish(),
  env: z.array(z.object({ name: text, value: text })).nullish(),
  installHint: optional,
  provideClusterInfo: flag,
  interactiveMode: optional,
});

const clusterShape = z.object({
  server: text.min(1),
  'certificate-authority': optional,
  'certificate-authority-data': optional,
  'insecure-skip-tls-verify': flag,
  'tls-server-name': optional,
  'proxy-url': optional,
  extensions: z.array(z.object({ name: text, extension: z.unknown().optional() })).nullish(),
});

const userShape = z.object({
  'client-certificate': optional,
  'client-certificate-data': optional,
  'client-key': optional,
  'client-key-data': optional,
  token: optional,
  tokenFile: optional,
  as: optional,
  'as-uid': optional,
  'as-groups': z.array(text).nullish(),
  username: optional,
  password: optional,
  'auth-provider': z.unknown().optional(),
  exec: execShape.nullish(),
});

const contextShape = z.object({ cluster: text.min(1), user: text.nullish(), namespace: optional });

const named = <Shape extends z.ZodType>(key: string, shape: Shape) =>
  z
    .array(z.object({ name: text.min(1), [key]: z.unknown().optional() }))
    .nullish()
    .transform((list, context) =>
      (list ?? []).flatMap((entry): { readonly name: string; readonly value: z.infer<Shape> }[] => {
        const read = shape.safeParse(entry[key] ?? {});
        if (read.success) return [{ name: entry.name as string, value: read.data }];
        const issue = read.error.issues[0];
        context.addIssue({
          code: 'custom',
          message: `${key} "${entry.name as string}": ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
        });
        return [];
      }),
    );

export const kubeconfigShape = z.object({
  'current-context': optional,
  contexts: named('context', contextShape),
  clusters: named('cluster', clusterShape),
  users: named('user', userShape),
});

export type KubeconfigFile = z.infer<typeof kubeconfigShape>;
export type ClusterEntry = z.infer<typeof clusterShape>;
export type UserEntry = z.infer<typeof userShape>;
export type ContextEntry = z.infer<typeof contextShape>;
export type ExecEntry = z.infer<typeof execShape>;
