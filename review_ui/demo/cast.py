"""The people of the demo. Names are invented; each stands for one role."""

from dataclasses import dataclass

from engine.types import Text

PASSWORD = "shenling-demo"  # noqa: S105 - printed on the console; demo mode serves loopback only


@dataclass(frozen=True, slots=True)
class Member:
    """One account: user name, shown name, roles at an office ("*" = the whole province)."""

    username: str
    name: str
    roles: tuple[str, ...]
    office: str
    word: Text


CHANGCHUN, JILIN, PROVINCE = "JL-CC-01", "JL-JL-01", "*"

OFFICERS = (
    Member("hedui", "钱核对", ("attachment_checker",), CHANGCHUN, Text("材料核对", "Checker")),
    Member("shenhe", "林审核", ("reviewer",), CHANGCHUN, Text("资格初审", "Reviewer")),
    Member("fuhe", "周复核", ("approver",), CHANGCHUN, Text("复核", "Approver")),
    # Whoever decided on a claim does not decide on its appeal.
    Member(
        "fuhe.er", "何复核", ("approver",), CHANGCHUN, Text("复核（第二人）", "Second approver")
    ),
    Member("kezhang", "吴科长", ("supervisor",), CHANGCHUN, Text("科长", "Supervisor")),
    Member("choucha", "郑抽查", ("quality_checker",), CHANGCHUN, Text("抽查", "Quality check")),
    Member("chuangkou", "孙窗口", ("clerk",), CHANGCHUN, Text("窗口经办", "Counter clerk")),
    Member("zhidan", "冯制单", ("payer",), PROVINCE, Text("支付制单", "Payer")),
    Member(
        "jiaoyan", "陈校验", ("payment_checker",), PROVINCE, Text("支付校验", "Payment checker")
    ),
    Member(
        "fangxing", "褚放行", ("payment_releaser",), PROVINCE, Text("支付放行", "Payment releaser")
    ),
    Member(
        "liucheng",
        "卫流程",
        ("process_author",),
        PROVINCE,
        Text("流程编辑", "Process author"),
    ),
    Member("fabu", "蒋发布", ("process_publisher",), PROVINCE, Text("流程发布", "Publisher")),
    Member("yunwei", "沈运维", ("operator",), PROVINCE, Text("运行监控", "Operator")),
    Member("shenji", "韩审计", ("auditor",), PROVINCE, Text("审计", "Auditor")),
    Member(
        "jilin.hedui",
        "杨核对",
        ("attachment_checker",),
        JILIN,
        Text("材料核对（吉林市）", "Checker, Jilin city"),
    ),
    Member(
        "jilin.shenhe",
        "朱初审",
        ("reviewer",),
        JILIN,
        Text("资格初审（吉林市）", "Reviewer, Jilin"),
    ),
    Member(
        "jilin.fuhe",
        "秦复核",
        ("approver",),
        JILIN,
        Text("复核（吉林市）", "Approver, Jilin city"),
    ),
    Member(
        "jilin.choucha",
        "尤抽查",
        ("quality_checker",),
        JILIN,
        Text("抽查（吉林市）", "Quality check, Jilin city"),
    ),
    Member(
        "jilin.kezhang",
        "许科长",
        ("supervisor",),
        JILIN,
        Text("科长（吉林市）", "Supervisor, Jilin city"),
    ),
)
