"""The 62 units of the register (单位通讯录), with the short names and old names that other lists call them by."""

from __future__ import annotations

from dataclasses import dataclass

from people import People, Person

COUNT = 62
DEPARTMENT, STREET, COMMUNITY, COMPANY, SCHOOL, HOSPITAL, RESIDENT = "党政部门", "街道乡镇", "社区村", "国企", "学校", "医院", "驻区单位"

# full name | short name | other names
_DEPARTMENTS = """
中共示范区委办公室|区委办|区委办公室
示范区人民政府办公室|区政府办|政府办、区府办
示范区纪委监委|区纪委监委|纪委监委、区纪委
中共示范区委组织部|区委组织部|组织部
中共示范区委宣传部|区委宣传部|宣传部、区文明办
中共示范区委政法委员会|区委政法委|政法委
示范区创建全国文明城市工作办公室|区创建办|创建办、创文办
示范区公安分局|区公安分局|公安分局
示范区公安分局交通警察大队|区交警大队|交警大队、交警
示范区城市管理局|区城管局|城管局、区城市管理综合执法局、执法局
示范区住房和城乡建设局|区住建局|住建局、区建设局
示范区教育体育局|区教体局|教体局、区教育局
示范区卫生健康委员会|区卫健委|卫健委、区卫计委
示范区市场监督管理局|区市场监管局|市场监管局、市监局
示范区商务局|区商务局|商务局
示范区交通运输局|区交通运输局|交通局、区交通局
示范区民政局|区民政局|民政局
示范区文化广电新闻出版旅游局|区文广新旅局|文广新旅局、文旅局
示范区行政审批局|区行政审批局|审批局、区政务服务局
示范区生态环境局|区生态环境局|环保局、区环保局
示范区水利局|区水利局|水利局
示范区自然资源局|区自然资源局|自然资源局、国土局
示范区工业和信息化局|区工信局|工信局
示范区发展和改革委员会|区发改委|发改委
示范区财政局|区财政局|财政局
共青团示范区委员会|团区委|共青团区委
示范区妇女联合会|区妇联|妇联
"""
_STREETS = """
示范区文昌街道办事处|文昌街道|文昌街道办、文昌办事处
示范区迎江街道办事处|迎江街道|迎江街道办、迎江办事处
示范区站前街道办事处|站前街道|站前街道办、站前办事处
示范区学府街道办事处|学府街道|学府街道办、学府办事处
示范区镜湖街道办事处|镜湖街道|镜湖街道办、镜湖办事处
示范区云桥镇人民政府|云桥镇|云桥镇政府
"""
_COMPANIES = """
示江公共交通有限公司|示江公交公司|公交公司
示江供水有限公司|示江供水公司|自来水公司
示江城市建设投资有限公司|示江城投公司|城投公司
示江市场开发服务有限公司|示江市场公司|市场开发公司
示江环境卫生服务有限公司|示江环卫公司|环卫公司
示江园林绿化有限公司|示江园林公司|园林公司
"""
_SCHOOLS = """
示范区第一中学|第一中学|一中、区一中
示范区第二中学|第二中学|二中、区二中
示范区第三中学|第三中学|三中、区三中
示范区实验中学|实验中学|区实验中学
示范区文昌小学|文昌小学|文昌小学校
示范区人民路小学|人民路小学|人民路小学校
"""
_HOSPITALS = """
示范区人民医院|区人民医院|区医院
示范区中医院|区中医院|中医院
示江第二医院|第二医院|示江二院
示范区妇幼保健院|区妇幼保健院|妇保院
"""
REGISTERED_COMMUNITIES = {
    "状元坊社区": "文昌街道",
    "鼓楼社区": "文昌街道",
    "西门社区": "文昌街道",
    "东门社区": "迎江街道",
    "建设社区": "迎江街道",
    "望江社区": "迎江街道",
    "和平社区": "站前街道",
    "车站社区": "站前街道",
    "学苑社区": "学府街道",
    "桃李社区": "学府街道",
    "湖滨社区": "镜湖街道",
    "锦绣社区": "镜湖街道",
}


@dataclass(frozen=True)
class Unit:
    """One unit of the register."""

    code: str
    name: str
    short: str
    aliases: str
    kind: str
    head: Person
    deputy: Person
    liaison: Person
    office_phone: str


class Register:
    """All units, found by any of their names."""

    def __init__(self, people: People) -> None:
        lists = [(DEPARTMENT, _DEPARTMENTS), (STREET, _STREETS), (COMPANY, _COMPANIES), (SCHOOL, _SCHOOLS), (HOSPITAL, _HOSPITALS)]
        entries = [(kind, *line.split("|")) for kind, text in lists for line in text.split()]
        entries += [(COMMUNITY, f"{street}{name}居民委员会", name, f"{name[:-2]}居委会") for name, street in REGISTERED_COMMUNITIES.items()]
        entries.append((RESIDENT, "示江火车站", "火车站", "示江站"))
        self.units = [
            Unit(f"U{n:03d}", name, short, aliases, kind, people.next(), people.next(), people.next(), f"800{n:04d}")
            for n, (kind, name, short, aliases) in enumerate(entries, start=1)
        ]
        if len(self.units) != COUNT:
            msg = f"{len(self.units)} units instead of {COUNT}"
            raise ValueError(msg)
        self._by_name = {name: u for u in self.units for name in (u.name, u.short, *u.aliases.split("、"))}

    def __getitem__(self, name: str) -> Unit:
        return self._by_name[name]

    def find(self, name: str) -> Unit | None:
        """The unit of this name, if it is registered."""
        return self._by_name.get(name)

    def of_kind(self, *kinds: str) -> list[Unit]:
        """The units of some kinds, in register order."""
        return [u for u in self.units if u.kind in kinds]
