import type { EngineView } from '../../engine/view.ts';
import { type Dialog, topDialog } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { approveView } from './dialog-approve.ts';
import { acknowledgeView, attestView } from './dialog-attest.ts';
import { clusterView } from './dialog-cluster.ts';
import { confirmView, editView } from './dialog-confirm.ts';
import { metricsView } from './dialog-metrics.ts';
import { outputView } from './dialog-output.ts';
import { evidenceView, helpView, linksView } from './dialog-pages.ts';
import {
  endByChoiceView,
  interruptView,
  leaveView,
  leftOutView,
  noteView,
  overrideView,
  reasonView,
  resolveView,
  statusView,
} from './dialog-questions.ts';
import { rollbackView } from './dialog-rollback.ts';
import type { DialogView } from './dialog-view.ts';
import { formDialogView } from './form.ts';

export interface DialogContext {
  readonly view: EngineView;
  readonly theme: Theme;
  readonly columns: number;
  readonly height: number;
}

/** One dialog as rows; pure. */
export const dialogView = (dialog: Dialog, context: DialogContext): DialogView => {
  switch (dialog.kind) {
    case 'confirm':
      return confirmView(dialog, context);
    case 'edit':
      return editView(dialog, context);
    case 'rollback':
      return rollbackView(dialog, context);
    case 'leave':
      return leaveView(context);
    case 'interrupt':
      return interruptView(dialog, context);
    case 'left-out':
      return leftOutView(dialog, context);
    case 'reason':
      return reasonView(dialog, context);
    case 'override':
      return overrideView(dialog, context);
    case 'end-by-choice':
      return endByChoiceView(dialog);
    case 'note':
      return noteView(dialog, context);
    case 'status':
      return statusView(dialog, context);
    case 'ask':
      return formDialogView(dialog.form, context);
    case 'approve':
      return approveView(dialog, context);
    case 'resolve':
      return resolveView(dialog, context);
    case 'output':
    case 'describe':
    case 'logs':
      return outputView(dialog, context);
    case 'help':
      return helpView(dialog, context);
    case 'evidence':
      return evidenceView(dialog, context);
    case 'cluster':
      return clusterView(dialog, context);
    case 'metrics':
      return metricsView(dialog, context);
    case 'acknowledge':
      return acknowledgeView(context);
    case 'attest':
      return attestView(dialog, context);
    case 'links':
      return linksView(context);
  }
};

export { topDialog };
