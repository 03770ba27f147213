import pytest
from small_meshes import column, mesh, port, product

from weft.base.names import ProductName
from weft.base.problem import Problem
from weft.graph.selection import select

# raw -> orders -> revenue -> report, and crm/customers -> revenue; hr/people stands apart.
MESH = mesh(
    product("board/report", reads=["finance/revenue"], owner="team-board"),
    product("finance/revenue", reads=["sales/orders", "crm/customers"], tags=("gold",)),
    product("sales/orders", reads=["sales/raw"], ports=[port("sales/orders/items", ["id integer"])]),
    product("sales/raw", owner="team-sales"),
    product("crm/customers", owner="team-crm", ports=[port("crm/customers", [column("email varchar", tags=("PII",))])]),
    product(
        "hr/people", ports=[port("hr/people", [column("pay integer", classification="restricted")], tags=("pii",))]
    ),
)


@pytest.mark.parametrize(
    ("expressions", "chosen"),
    [
        ([], "crm/customers hr/people sales/raw sales/orders finance/revenue board/report"),
        (["sales/orders"], "sales/orders"),
        (["sales/orders/items"], "sales/orders"),
        (["+sales/orders"], "sales/raw sales/orders"),
        (["sales/orders+"], "sales/orders finance/revenue board/report"),
        (["sales/orders+1"], "sales/orders finance/revenue"),
        (["1+finance/revenue"], "crm/customers sales/orders finance/revenue"),
        (["2+finance/revenue+1"], "crm/customers sales/raw sales/orders finance/revenue board/report"),
        (["0+finance/revenue"], "finance/revenue"),
        (["sales/*"], "sales/raw sales/orders"),
        (["*/r*"], "sales/raw finance/revenue board/report"),
        (["domain:sales"], "sales/raw sales/orders"),
        (["+domain:board"], "crm/customers sales/raw sales/orders finance/revenue board/report"),
        (["tag:pii"], "crm/customers hr/people"),
        (["tag:restricted"], "hr/people"),
        (["tag:gold"], "finance/revenue"),
        (["owner:team-crm"], "crm/customers"),
        (["owner:team-*"], "crm/customers sales/raw board/report"),
        (["state:modified"], "crm/customers"),
        (["state:modified+"], "crm/customers finance/revenue board/report"),
        (["sales/raw", "hr/people"], "hr/people sales/raw"),
        (["sales/raw hr/people"], "hr/people sales/raw"),
        (["sales/orders+,+finance/revenue"], "sales/orders finance/revenue"),
        (["tag:pii,owner:team-crm board/report"], "crm/customers board/report"),
    ],
)
def test_a_selection_chooses_in_the_order_of_making(expressions, chosen):
    names = select(MESH, expressions, modified={ProductName("crm", "customers"), ProductName("no", "more")})
    assert " ".join(map(str, names)) == chosen


def test_what_is_excluded_is_taken_away():
    names = select(MESH, ["+board/report"], exclude=["domain:sales", "crm/customers"])
    assert " ".join(map(str, names)) == "finance/revenue board/report"


@pytest.mark.parametrize(
    ("expression", "code", "what", "fix"),
    [
        ("sales/ordres", "SELECT002", 'No product or port is named "sales/ordres".', 'Did you mean "sales/orders"?'),
        ("orders", "SELECT002", 'No product or port is named "orders".', 'Did you mean "sales/orders"?'),
        ("sales", "SELECT002", 'No product or port is named "sales".', 'Did you mean "domain:sales"?'),
        ("domain:sale", "SELECT002", 'No product has the domain "sale".', 'Did you mean "sales"?'),
        ("tag:gould", "SELECT002", 'No product has the tag "gould".', 'Did you mean "gold"?'),
        ("owner:crm", "SELECT002", 'No product has the owner "crm".', None),
        (
            "domian:sales",
            "SELECT001",
            '"domian:sales" selects by "domian", which is no way to select.',
            'Did you mean "domain"?',
        ),
        ("state:modifed", "SELECT001", '"modifed" is no state.', 'Did you mean "modified"?'),
        ("a++b", "SELECT001", 'The selection "a++b" cannot be read.', None),
        ("sales/raw,", "SELECT001", 'The selection "" cannot be read.', None),
        ("sales/raw,hr/people", "SELECT003", "The selection is empty.", "weft ls shows every product."),
    ],
)
def test_a_selection_of_nothing_is_a_problem_with_the_nearest_name(expression, code, what, fix):
    with pytest.raises(Problem) as caught:
        select(MESH, [expression])
    assert (caught.value.code, caught.value.what, caught.value.fix) == (code, what, fix)


def test_nothing_modified_is_an_answer_and_no_mistake():
    assert select(MESH, ["state:modified+"]) == ()
