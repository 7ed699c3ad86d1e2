"""The words on a web page, through the catalogue like all others; the page's script finds them by their keys (`resources/web/words.js`)."""

from __future__ import annotations

from chuangwen.text import _


def page_words() -> dict[str, str]:
    """Key → words. `{name}` stands for what the script puts in."""
    return _frame_words() | _card_words() | _tool_words() | _patrol_words() | _lock_words()


def no_script() -> str:
    """What a browser shows that runs no scripts (a preview in a mail program)."""
    return _("这里只能预览。请在浏览器中打开这个文件：存到手机或电脑上，再选“用浏览器打开”。")


def _frame_words() -> dict[str, str]:
    return {
        "find": _("查找名称、编号、拼音首字母"),
        "find-like": _("查找，例如 {words}"),
        "clear": _("清空"),
        "nothing": _("没有找到"),
        "too-many": _("共 {count} 处，列出前 {shown} 处，请再输几个字"),
        "layers": _("图层与图例"),
        "kinds": _("{count} 类"),
        "close": _("关闭"),
        "back": _("返回"),
        "data-time": _("数据截至 {time}"),
        "expired": _("已过期：有效期至 {day}，请向制图单位要新的一份"),
        "mercator-note": _("网页地图，供查看，比例尺以图面中央为准"),
        "loading": _("正在打开……"),
        "damaged": _("文件不完整，打不开。请让对方重新发一份。"),
    }


def _card_words() -> dict[str, str]:
    return {
        "more": _("更多（{count} 项）"),
        "no-more": _("没有更多内容"),
        "ten-thousands": _("{count}万"),
        "others": _("此处还有 {count} 个"),
        "here": _("同一位置"),
        "here-count": _("此处共 {count} 个"),
        "next-rows": _("再列 {count} 个（还有 {rest} 个）"),
        "unfold": _("展开全文"),
        "no-shape": _("它在图上没有位置"),
    }


def _tool_words() -> dict[str, str]:
    return {
        "measure": _("测量"),
        "length": _("长度"),
        "area": _("面积"),
        "undo": _("退一点"),
        "end": _("结束"),
        "measure-hint": _("依次点地图上的位置"),
        "measure-area-hint": _("依次点三个以上的角"),
        "here-am-i": _("我的位置"),
        "no-place": _("没有取得位置：浏览器不允许，或信号不好"),
        "show-all": _("看全图"),
        "nearer": _("放大"),
        "farther": _("缩小"),
        "print": _("打印（A4）"),
        "print-colour": _("彩色打印"),
        "print-mono": _("黑白打印"),
    }


def _patrol_words() -> dict[str, str]:
    return {
        "done": _("已整改"),
        "not_done": _("未整改"),
        "note": _("备注（可不填）"),
        "photo": _("照片文件名（可不填）"),
        "pick-photo": _("选照片"),
        "patroller": _("巡查人"),
        "patrol-count": _("已记 {done} / {all}"),
        "patrol-over": _("巡查清单"),
        "patrol-list": _("待查 {open}，已记 {done}"),
        "save-return": _("保存回传文件"),
        "return-name": _("巡查回传"),
        "not-lasting": _("这个浏览器不保存记录：关闭网页前请先保存回传文件"),
        "saved": _("回传文件已保存"),
        "saved-hint": _("在“下载”里找到它，用微信发回。没有下载成的（微信里直接打开时），点“复制文字”，粘贴发回也一样。"),
        "saved-text": _("回传文件的内容"),
        "copy-text": _("复制文字"),
        "copied": _("已复制，可粘贴到微信发送"),
        "copy-by-hand": _("请长按文字，全选后复制"),
        "ok": _("知道了"),
    }


def _lock_words() -> dict[str, str]:
    return {
        "locked": _("这张地图有密码"),
        "locked-hint": _("请输入发图人告诉您的密码。"),
        "password": _("密码"),
        "unlock": _("打开"),
        "lock-working": _("正在打开……"),
        "lock-wrong": _("密码不对，请再试"),
        "lock-missing": _("这个浏览器不能解密。请存到手机或电脑上，用新版的 Chrome、Edge、Firefox 或系统自带浏览器打开。"),
    }
