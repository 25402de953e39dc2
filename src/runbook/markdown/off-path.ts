/** Words before a title that say nothing about it: numbers, `Step 3:`, emoji, `Appendix A -`. */
const lead =
  /^(?:[^\p{L}\p{N}]+|(?:step|phase|part|section|stage)\s+[\w.]+\s*[-:.–—)]?\s*|\d+(?:\.\d+)*[.):]?\s+|[A-Z][.)]\s+)+/iu;

const rollback =
  /\b(?:roll(?:ing|ed|s)?[- ]?backs?|revert(?:ing|s|ed)?|undo(?:ing)?|back(?:ing)?[- ]?(?:it |this )?out)\b/i;

/** A phase about getting ready for a rollback, or that does something else first, is on the path. */
const rollbackElsewhere =
  /\b(?:verify|verif\w+|check\w*|prepar\w*|test\w*|document\w*|ensure|confirm\w*|validat\w*|review\w*|rehears\w*|practi[cs]e\w*|write|define|decide|without|no)\b.*\b(?:roll(?:ing)?[- ]?back|revert|undo|back[- ]?out)/i;
const mainWork =
  /\b(?:deploy|releas|upgrad|updat|install|migrat|roll(?:ing)?[- ]?out|promot)\w*\s*(?:and|&|\/|\+|or|,)\s*(?:how to\s+)?(?:roll|revert|undo|back)/i;

const reference: readonly RegExp[] = [
  /\btrouble[- ]?shoot(?:ing|er)?\b/i,
  /^(?:what (?:to do )?)?(?:if|when|in case)\b.*\b(?:fail\w*|breaks?|broken|go(?:es)? wrong|went wrong|errors?|stuck|crash\w*|unhealthy|does(?: not|n[’']t)|do(?: not|n[’']t)|is(?: not|n[’']t)|cannot|can[’']t|times? out|hangs?)\b/i,
  /\bwhen (?:it|things|something|the \w+) (?:fails?|go(?:es)? wrong|breaks?)\b/i,
  /^(?:common|known|frequent|typical|possible|potential)\s+(?:\w+\s+)?(?:issues?|problems?|errors?|failures?|pitfalls?|mistakes?|limitations?)\b/i,
  /^(?:an?\s+|some\s+|more\s+|worked\s+)?examples?\b/i,
  /^(?:quick\s+|further\s+|command\s+|api\s+|additional\s+|useful\s+|external\s+)*references?\b/i,
  /^(?!(?:add|update|change|check|verify|fix|remove|set|deploy|run|create|install|build)\b).*\b(?:examples?|references?)$/i,
  /^(?:appendix|appendices|annex|glossary|faqs?\b|frequently asked|see also|further reading|cheat ?sheet)/i,
];

/** Whether a heading leads off the path of the runbook: to its rollback, or to something to look up. */
export const offPathOf = (title: string): 'rollback' | 'reference' | null => {
  const text = title.replace(lead, '').trim();
  if (rollback.test(text) && !rollbackElsewhere.test(text) && !mainWork.test(text)) return 'rollback';
  if (/^appendix\b/i.test(title.replace(/^[^\p{L}]+/u, ''))) return 'reference';
  return reference.some((pattern) => pattern.test(text)) ? 'reference' : null;
};
