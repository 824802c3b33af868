"""One document in, what it claims about liquidations out; the order of the steps.

1. `article.lay_out`: sentences (`sentences`), figures (`amounts`), a territory for each figure in its sentence.
2. `reading.read_by_rules`, once per figure: its role (`roles` over `cues`, `quantities`, `sales`, `largest`, `lists`,
   `losses` and `terse`: liquidations, the largest order, a count, or no claim), hedge (`hedges`), coin and venue
   (`binding`) and side (`sides`, both over `entities` and `labels`), window (`windows` over `timeframes`, `anaphora`
   and `dates`: territory and sentence, then `carrying`: neighbours and story), status (`status`), source
   (`attribution` over `sources`, `posts` and `plaintiffs`). Then what it has from its story (`inheritance` over
   `rows`, `sums`, `topic` and `trader`). Any `meaning.Reader` can stand here.
3. `each.told_of_each`: a figure said of each of several becomes one a coin, venue or side. `merging.merge`: mentions of
   one claim become one; interval (`intervals`) and id.
4. `event`: whether one of the claims is a liquidation figure told as recent.
5. `causes.find_causes`: why it happened, where there is an event.

Pure and deterministic: the same document gives the same extraction, in any thread, in time linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from newsdetect.claims.article import Article, lay_out
from newsdetect.claims.causes import find_causes
from newsdetect.claims.claim import Cause, Claim, Extraction
from newsdetect.claims.cues import LIQUIDATION, POSITION, WIPE
from newsdetect.claims.each import told_of_each
from newsdetect.claims.meaning import Reader
from newsdetect.claims.merging import merge
from newsdetect.claims.reading import read_by_rules
from newsdetect.documents.document import Document


def extract(doc: Document, *, read: Reader = read_by_rules) -> Extraction:
    """Read the claims and causes of one document; text without any gives an empty extraction, never an error."""
    article = lay_out_if_asked(doc)
    if article is None:
        return Extraction.empty(doc.id)
    claims = merge(doc, told_of_each(read(article)))
    event = is_event(claims)
    causes = causes_by_rules(article, claims) if event else ()
    return Extraction(id=doc.id, event=event, claims=claims, causes=causes)


def lay_out_if_asked(doc: Document) -> Article | None:
    """Lay a document out, if it has a number and speaks of liquidation, or of positions, at all."""
    content = doc.content
    if not re.search(r"\d|illion", content):
        return None
    return lay_out(doc) if any(words.search(content) for words in (LIQUIDATION, WIPE, POSITION)) else None


def causes_by_rules(article: Article, claims: Sequence[Claim]) -> tuple[Cause, ...]:
    """Read the causes of an article that reports an event."""
    spans = [(line.sentence.start, line.sentence.end) for line in article.lines]
    return find_causes(article.doc, spans, claims)


def is_event(claims: Iterable[Claim]) -> bool:
    """Tell whether claims report a liquidation figure as having happened recently; a mere count of traders does not."""
    return any(claim.status == "asserted" and claim.metric != "traders_liquidated" for claim in claims)
