"""Results of model tests as the XML that build servers read."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from weft.build.model_test.run_tests import ModelTestResult


def junit_xml(results: Sequence[ModelTestResult]) -> str:
    """One suite, one test case a case."""
    failures = sum(result.difference is not None and not result.is_passed for result in results)
    errors = sum(result.problem is not None for result in results)
    suite = ET.Element(
        "testsuite", name="weft test", tests=str(len(results)), failures=str(failures), errors=str(errors)
    )
    for result in results:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=f"{result.product}.{result.case.model}",
            name=result.case.name,
            time=f"{result.duration_seconds:.3f}",
        )
        if result.problem is not None:
            ET.SubElement(case, "error", message=result.problem.what).text = str(result.problem)
        elif result.difference:
            found = result.difference
            words = (
                f"{len(found.missing)} rows missing, {len(found.unexpected)} unexpected, {len(found.changed)} changed"
            )
            ET.SubElement(case, "failure", message=words).text = words
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
