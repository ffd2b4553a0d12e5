.DEFAULT_GOAL := help
.PHONY: help run test bench corpus faults golden corrections check fmt migrations workflow manage demo screens
DEV := @bin/bootstrap --dev

help:        ## các lệnh ở đây
	@sed -n 's/^\([a-z]*\): *## /make \1	/p' Makefile | expand -t 18

run:         ## cài mọi thứ còn thiếu rồi chạy tại http://127.0.0.1:8000 (PORT=… để đổi cổng)
	@bin/bootstrap python -m thidua.launcher run

test:        ## cài mọi thứ còn thiếu rồi chạy mọi phép thử (args="…" cho pytest)
	$(DEV) python -m thidua.launcher test $(args)

bench:       ## đo thời gian và bộ nhớ in ấn, cạnh những cách in khác (args="--all", args="decision"…)
	$(DEV) python -m tests.bench $(args)

corpus:      ## đo việc đọc báo cáo từ tệp Word: không mất chữ nào, bao nhiêu vào đúng mục
	$(DEV) python -m tests.corpus

faults:      ## dừng đột ngột việc nền KILLS lần (mặc định 20) rồi kiểm lại từng văn bản
	@KILLS=$(or $(KILLS),20) bin/bootstrap --dev python -m thidua.launcher test tests/faults -n 0 -s

corrections: ## ba mươi lần trả lại, sửa mọi chỗ: chỉ chỗ được nêu mới đổi
	@SCRIPTS=30 bin/bootstrap --dev python -m thidua.launcher test tests/awards/test_returns.py

golden:      ## chép lại các trang mẫu của văn bản và cho biết chỗ nào đã đổi
	$(DEV) env DJANGO_SETTINGS_MODULE=thidua.settings python -m tests.papers.golden

check:       ## kiểm tra mã nguồn mà không chạy phép thử
	$(DEV) sh -ec 'ruff check; ruff format --check; djlint --lint --quiet templates; lint-imports; \
	  python manage.py makemigrations --check --dry-run; mypy .'

fmt:         ## sắp lại mã nguồn
	$(DEV) sh -ec 'ruff check --fix; ruff format; djhtml templates'

migrations:  ## make migrations app=… name=…
	$(DEV) python manage.py makemigrations $(app) --name $(or $(name),$(error Thiếu name=…))

workflow:    ## in các bảng vòng đời vào docs/workflow.md
	@bin/bootstrap python manage.py print_workflow

manage:      ## make manage do="lệnh của Django", với cơ sở dữ liệu đi kèm
	@bin/bootstrap python -m thidua.launcher manage $(do)

demo:        ## xóa dữ liệu diễn tập; «make run» lần tới nạp lại dữ liệu mẫu
	@bin/bootstrap python -m thidua.launcher demo

screens:     ## chạy trọn việc chính trong trình duyệt và giữ lại bốn ảnh của README
	$(DEV) python -m thidua.launcher test tests/e2e
	cp var/readme/*.png docs/screens/
