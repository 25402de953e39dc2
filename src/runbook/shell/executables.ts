export const keywords: ReadonlySet<string> = new Set('if for while until case function select [ [[ {'.split(' '));
export const executables: ReadonlySet<string> = new Set(
  'kubectl helm docker aws gcloud az terraform psql mysql curl wget jq git gh echo cat ls cd export grep'.split(' '),
);
