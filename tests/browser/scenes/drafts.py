"""Drafts of a diagram in the states that the studio shows."""

from engine import api
from review_ui.studio import versions
from tests.browser.scenes.people import Company
from workflows.actions import programmes as acts
from workflows.models import DefinitionDraft


def set_up(company: Company) -> None:
    """Untouched, broken, ready to be published, and published."""
    current = next(v for v in api.definitions() if v.process_id == "claim_review" and v.is_current)
    file = versions.file_of(current)
    drawing = api.files(current.id)[file].decode()
    renamed = drawing.replace('name="整理申报内容"', 'name="整理申报材料"')
    broken = renamed.replace('candidateGroups="reviewer"', 'candidateGroups="nobody"')
    assert drawing != renamed != broken
    company.places |= {"version": str(current.id), "diagram": file}
    published = draft(company, "改名并发布", current.id, {file: renamed})
    acts.publish_draft(
        published, "名称改得更清楚", by=company.officer("process_publisher"), at=company.at
    )
    later = next(v for v in api.definitions() if v.process_id == "claim_review" and v.is_current)
    company.places |= {
        "later_version": str(later.id),
        "draft_published": str(published.pk),
        "draft_empty": str(draft(company, "调整流程", later.id, {}).pk),
        "draft_broken": str(draft(company, "换一个岗位", later.id, {file: broken}).pk),
        "draft_ready": str(draft(company, "改回原名", later.id, {file: drawing}).pk),
    }


def draft(company: Company, title: str, base: int, files: dict[str, str]) -> DefinitionDraft:
    author = company.officer("process_author")
    return acts.save_draft(None, files, title, base, 0, by=author, at=company.at)
