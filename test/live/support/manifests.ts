export interface DeploymentInput {
  readonly name: string;
  readonly image: string;
  readonly replicas?: number;
  readonly namespace?: string;
  /** Merged into the Deployment's spec. */
  readonly spec?: object;
  /** Merged into the pod's spec. */
  readonly pod?: object;
  /** Merged into the container. */
  readonly container?: object;
  /** Of the pods. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The pod template of a workload whose container is called `app`. */
export const podTemplate = ({ name, image, pod, container, annotations }: DeploymentInput): object => ({
  metadata: { labels: { app: name }, ...(annotations ? { annotations } : {}) },
  spec: { terminationGracePeriodSeconds: 5, containers: [{ name: 'app', image, ...container }], ...pod },
});

/** JSON of a Deployment; `kubectl apply` takes it as it takes YAML. */
export const deployment = (input: DeploymentInput): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: input.name, namespace: input.namespace ?? 'default', labels: { app: input.name } },
    spec: {
      replicas: input.replicas ?? 1,
      selector: { matchLabels: { app: input.name } },
      template: podTemplate(input),
      ...input.spec,
    },
  });

/** JSON of an Argo Rollout with canary steps. */
export const canary = (input: DeploymentInput, steps: readonly object[]): string =>
  JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: input.name, namespace: input.namespace ?? 'default' },
    spec: {
      replicas: input.replicas ?? 5,
      selector: { matchLabels: { app: input.name } },
      template: podTemplate(input),
      strategy: { canary: { steps } },
      ...input.spec,
    },
  });
