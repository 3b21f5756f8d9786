"""Every case of MERGE.md section 3 is shown by tests: which ones, and that they are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
MERGE = TESTS.parents[1] / "shared" / "MERGE.md"
NUMBERS = ["1", "2", "3", "4", "5", "6", "7", "7b", *map(str, range(8, 49)), "48b", "49", "50"]

RULES, WEEK, ROWS = "merging/test_cases.py", "merging/test_whole_week.py", "merging/test_identity_week.py"
FILES, SHEETS = "bad_inputs/test_workbooks.py", "bad_inputs/test_sheets.py"
OUTCOME = f"{WEEK}::test_outcome_and_code"
"""With it go the tests of what is logged, of what the manager is asked and of what the member is told."""

INDEX: dict[str, list[str]] = {
    "1": [f"{RULES}::test_case_1_nothing_edited", f"{WEEK}::test_case_1_a_copy_that_came_back_as_it_was"],
    "2": [f"{RULES}::test_case_2_one_side_edits", OUTCOME],
    "3": [f"{RULES}::test_case_3_the_same_value_from_two", OUTCOME,
          f"{WEEK}::test_case_3_is_no_news_to_those_who_typed_it"],
    "4": [f"{RULES}::test_case_4_different_values", OUTCOME],
    "5": [f"{RULES}::test_case_5_delete_against_edit", OUTCOME],
    "6": [f"{RULES}::test_case_6_delete_against_delete", OUTCOME],
    "7": [f"{RULES}::test_case_7_delete_waits_for_approval", OUTCOME],
    "7b": [f"{RULES}::test_case_7b_stale_delete", OUTCOME],
    "8": [f"{RULES}::test_case_8_missing_rows", f"{ROWS}::test_case_8_a_row_is_missing",
          "merging/test_missing_rows.py::test_missing_rows", f"{SHEETS}::test_only_the_filtered_rows_came_back"],
    "9": [f"{RULES}::test_case_9_delete_without_right"],
    "10": [f"{RULES}::test_case_10_a_new_row", OUTCOME],
    "11": [f"{RULES}::test_case_11_same_row_from_two", OUTCOME],
    "12": [f"{RULES}::test_case_12_same_key_other_cells", OUTCOME],
    "13": [f"{RULES}::test_case_13_key_already_there", OUTCOME,
           f"{WEEK}::test_case_13_shows_nothing_of_a_row_that_a_member_may_not_see"],
    "14": ["intake/test_rows.py::test_a_row_copied_as_it_is_counts_once",
           f"{ROWS}::test_case_14_a_row_is_there_twice_and_equal"],
    "15": ["intake/test_rows.py::test_a_copied_row_with_another_name_waits_as_a_new_row",
           f"{ROWS}::test_case_15_a_copied_row_has_a_name_of_its_own"],
    "16": ["intake/test_rows.py::test_two_rows_of_one_id_that_cannot_be_told_are_not_taken",
           f"{ROWS}::test_case_16_two_rows_of_one_id_that_cannot_be_told"],
    "17": ["intake/test_rows.py::test_a_blanked_id_is_known_again_by_the_key",
           f"{ROWS}::test_case_17_an_id_was_blanked"],
    "18": ["intake/test_rows.py::test_blanked_ids_of_several_rows_wait", f"{ROWS}::test_case_18_two_ids_were_blanked"],
    "19": ["intake/test_rows.py::test_an_id_that_was_never_issued_keeps_the_row_out",
           f"{ROWS}::test_case_19_a_row_with_an_id_of_somebody_elses"],
    "20": [f"{RULES}::test_case_20_moved_rows", f"{ROWS}::test_case_20_whole_rows_changed_places"],
    "21": ["intake/test_sorts.py::test_a_file_with_one_column_sorted_alone_is_refused_with_three_examples",
           "intake/test_sorts.py::test_a_column_that_looks_sorted_waits_as_a_whole_and_the_others_go_on"],
    "22": [f"{RULES}::test_case_22_key_edited", OUTCOME],
    "23": [f"{RULES}::test_case_23_stale_but_untouched", OUTCOME],
    "24": [f"{RULES}::test_case_24_stale_and_agreed", OUTCOME],
    "25": [f"{RULES}::test_case_25_stale_and_different", OUTCOME],
    "26": [f"{RULES}::test_case_26_versions", f"{ROWS}::test_case_26_a_later_version_takes_an_edit_back",
           "merging/test_versions.py::test_two_versions_of_one_copy"],
    "27": [f"{RULES}::test_case_27_the_same_copy_twice", f"{ROWS}::test_case_27_the_same_copy_twice",
           "bad_inputs/test_files.py::test_a_copy_that_was_merged_before"],
    "28": [f"{RULES}::test_case_28_late_copy", f"{FILES}::test_a_copy_of_a_closed_round",
           "workspace/test_late.py::test_everything_of_a_late_copy_waits_by_sheet_with_a_preview"],
    "29": [f"{FILES}::test_a_copy_that_was_withdrawn"],
    "30": [f"{RULES}::test_case_30_handed_over", OUTCOME, "merging/test_versions.py::test_handed_over"],
    "31": [f"{RULES}::test_case_31_a_column_that_was_removed_since"],
    "32": [f"{RULES}::test_case_32_a_column_that_was_added_since"],
    "33": [f"{RULES}::test_case_33_a_type_that_was_changed_since"],
    "34": [f"{RULES}::test_case_34_a_column_is_gone", f"{ROWS}::test_case_34_a_column_did_not_come_back"],
    "35": ["intake/test_heads.py::test_a_column_of_ones_own_is_reported_and_left",
           f"{ROWS}::test_case_35_a_column_of_ones_own"],
    "36": ["intake/test_heads.py::test_a_renamed_column_is_known_by_what_it_holds",
           "intake/test_heads.py::test_a_doubled_head_refuses_the_file", f"{ROWS}::test_case_36_a_head_was_renamed"],
    "37": [f"{RULES}::test_case_37_read_only_column", OUTCOME],
    "38": [f"{RULES}::test_case_38_owner_set_to_another", OUTCOME],
    "39": [f"{RULES}::test_case_39_unreadable_value", OUTCOME],
    "40": [f"{RULES}::test_cases_40_and_48_error_cells_and_formulas", OUTCOME,
           "bad_inputs/test_cells.py::test_an_error_of_the_sheet"],
    "41": [f"{RULES}::test_case_41_required_blanked", OUTCOME],
    "42": [f"{RULES}::test_case_42_mass_blanking", "bad_inputs/test_cells.py::test_most_of_a_column_was_blanked"],
    "43": [f"{RULES}::test_case_43_together_they_break_a_rule", OUTCOME, "merging/test_chains.py::test_chains"],
    "44": [f"{RULES}::test_case_44_unique_across_copies", OUTCOME, "merging/test_chains.py::test_chains"],
    "45": [f"{RULES}::test_case_45_edit_of_a_deleted_row", "merging/test_versions.py::test_the_row_is_gone_by_now"],
    "46": [f"{FILES}::test_a_copy_of_another_team",
           "workspace/test_inbox.py::test_a_copy_of_another_team_is_refused_and_named"],
    "47": ["bad_inputs/test_senders.py::test_a_copy_in_somebody_elses_mail",
           f"{FILES}::test_a_mark_that_was_changed",
           "intake/test_rows.py::test_a_stamp_with_another_signature_is_refused"],
    "48": [f"{RULES}::test_cases_40_and_48_error_cells_and_formulas", OUTCOME,
           "bad_inputs/test_cells.py::test_a_formula"],
    "48b": ["intake/test_rows.py::test_an_overwritten_formula_is_not_taken"],
    "49": [f"{RULES}::test_case_49_an_answer_stands", "merging/test_versions.py::test_after_an_answer"],
    "50": [f"{RULES}::test_case_50_a_new_value_asks_again", f"{RULES}::test_case_50_for_a_row",
           f"{RULES}::test_case_50_what_an_answer_meant_stays", f"{RULES}::test_case_50_for_fields_that_merge_together",
           f"{RULES}::test_case_50_while_the_row_is_asked_about", f"{RULES}::test_case_50_in_a_new_row",
           f"{RULES}::test_case_50_a_row_taken_as_it_is_may_be_amended", f"{RULES}::test_case_50_for_rows_of_one_key",
           f"{RULES}::test_case_50_for_a_rule", f"{RULES}::test_case_50_for_emptied_cells",
           f"{RULES}::test_case_50_for_a_row_that_came_back",
           "merging/test_versions.py::test_after_an_answer"],
}  # fmt: skip


@cache
def _names(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def _in_week() -> frozenset[str]:
    """The numbers of the cases in the table of the whole week."""
    text = (TESTS / WEEK).read_text(encoding="utf-8")
    return frozenset(re.findall(r'^    Case\(\s*"(\w+)"', text, re.M))


def test_every_case_is_shown() -> None:
    """Each number from 1 to 50, 7b and 48b too, has at least one test, and no other has."""
    assert sorted(INDEX) == sorted(NUMBERS)
    assert [number for number, tests in INDEX.items() if not tests] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_the_tests_of_a_case_are_there(number: str) -> None:
    """Each test is a function of its file; a case that is shown through the whole week is in its table."""
    gone = [test for test in INDEX[number] if test.partition("::")[2] not in _names(test.partition("::")[0])]
    assert gone == []
    assert (OUTCOME in INDEX[number]) is (number in _in_week())


def test_the_numbers_are_those_of_the_specification() -> None:
    """The table in MERGE.md has these cases and no others."""
    if not MERGE.is_file():
        pytest.skip("needs shared/MERGE.md")
    part = MERGE.read_text(encoding="utf-8").partition("## 3. All cases")[2].partition("## 4.")[0]
    assert re.findall(r"^\| (\d+b?) \|", part, re.M) == NUMBERS
