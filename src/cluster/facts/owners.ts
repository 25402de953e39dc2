import { partOf, type Raw, textOf, textsOf } from './raw.ts';
import { controllerOf } from './seen-pod.ts';

const argoName = (labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>) =>
  annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'] ?? null;

/** Who would undo a change by hand, by the marks they leave: `Argo CD checkout-prod`, `Helm checkout`. */
export const ownersOf = (metadata: Raw): readonly string[] => {
  const labels = textsOf(partOf(metadata, 'labels'));
  const annotations = textsOf(partOf(metadata, 'annotations'));
  const owners: string[] = [];
  const argo = argoName(labels, annotations);
  if (argo !== null) owners.push(`Argo CD ${argo}`);
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  if (kustomization !== undefined) owners.push(`Flux kustomization ${kustomization}`);
  const fluxHelm = labels['helm.toolkit.fluxcd.io/name'];
  if (fluxHelm !== undefined) owners.push(`Flux helm release ${fluxHelm}`);
  const release = annotations['meta.helm.sh/release-name'];
  if (fluxHelm === undefined && (release !== undefined || labels['app.kubernetes.io/managed-by'] === 'Helm'))
    owners.push(`Helm ${release ?? labels['app.kubernetes.io/instance'] ?? ''}`.trim());
  const controller = controllerOf(metadata);
  if (controller !== null) owners.push(`${textOf(controller.kind) ?? 'owner'} ${textOf(controller.name) ?? ''}`.trim());
  return owners;
};
