"""What each kind of workbook holds, as a Plan: the copy, the questions, the report."""
